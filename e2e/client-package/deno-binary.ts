import { npmProgram } from "../npm-program.ts";

/** Deno, of `DENO_PATH` or wherever it can be had from. */
export const denoBinary = (root: string): Promise<string | null> => {
  const platform = `${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`;
  return npmProgram(root, { name: "deno", version: "2.9.6", variable: "DENO_PATH", file: `@deno/${platform}/deno` });
};
