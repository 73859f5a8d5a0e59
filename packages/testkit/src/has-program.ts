/** Whether the machine has this program, by the PATH of now: `Bun.which` would keep to that of our start. */
export const hasProgram = (name: string): boolean => Bun.which(name, { PATH: process.env.PATH ?? "" }) !== null;
