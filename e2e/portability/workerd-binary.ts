import { npmProgram } from "../npm-program.ts";

/** workerd, of `WORKERD_PATH` or wherever it can be had from. */
export const workerdBinary = (root: string): Promise<string | null> => {
  const platform = `${process.platform}-${process.arch === "x64" ? "64" : process.arch}`;
  const file = `@cloudflare/workerd-${platform}/bin/workerd`;
  return npmProgram(root, { name: "workerd", version: "1.20261117.1", variable: "WORKERD_PATH", file });
};
