import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killGroup } from "./test-run/kill-group.ts";

export type ReadmeBlock = {
  /** Where the block opens in the document, from 1. */
  line: number;
  script: string;
  /** The block marked `json answer` or `text answer` that follows before the next runnable one. */
  answer?: { format: "json" | "text"; text: string };
};

export type BlockRun = { block: ReadmeBlock; exitCode: number | null; stdout: string; stderr: string };

export type RunOptions = {
  cwd: string;
  /** What stands in the document and what is run instead of it, such as the address of the system under test. */
  substitutions?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  limitMs?: number;
};

/** The shell blocks that a document marks with `bash runnable`, in its order. */
export const parseReadmeBlocks = (markdown: string): readonly ReadmeBlock[] => {
  const blocks: ReadmeBlock[] = [];
  for (const { info, text, line } of fencedBlocks(markdown)) {
    const previous = blocks.at(-1);
    if (info === "bash runnable") blocks.push({ line, script: text });
    else if (info === "json answer" || info === "text answer") {
      if (previous === undefined || previous.answer !== undefined) throw new Error(`The answer in line ${line} follows no runnable block`);
      previous.answer = { format: info === "json answer" ? "json" : "text", text };
    }
  }
  return blocks;
};

/** Runs all blocks in one shell, as a reader pastes them one after another: what one sets, the next one sees. */
export const runReadmeBlocks = async (blocks: readonly ReadmeBlock[], options: RunOptions): Promise<readonly BlockRun[]> => {
  const { cwd, substitutions = {}, env = {}, limitMs = 60_000 } = options;
  const folder = mkdtempSync(join(tmpdir(), "cartwright-readme-"));
  const at = (index: number, part: string): string => join(folder, `${index}.${part}`);
  const pasted = blocks.map(
    ({ script }, index) =>
      `exec >'${at(index, "out")}' 2>'${at(index, "err")}'\n${substitute(script, Object.entries(substitutions))}\necho $? >'${at(index, "status")}'\n`,
  );
  try {
    await runShell(pasted.join(""), { cwd, env, limitMs });
    const back = Object.entries(substitutions).map(([from, to]) => [to, from] as const);
    const text = (file: string): string => (existsSync(file) ? substitute(readFileSync(file, "utf8"), back) : "");
    return blocks.map((block, index) => {
      const status = text(at(index, "status"));
      return { block, exitCode: status === "" ? null : Number(status), stdout: text(at(index, "out")), stderr: text(at(index, "err")) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const runShell = async (script: string, options: Required<Omit<RunOptions, "substitutions">>): Promise<void> => {
  const { cwd, env, limitMs } = options;
  const shell = Bun.spawn(["bash", "-c", script], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "ignore"],
    detached: true,
  });
  const limit = setTimeout(() => killGroup(shell.pid), limitMs);
  await shell.exited;
  clearTimeout(limit);
  killGroup(shell.pid);
};

const substitute = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);

const fencedBlocks = (markdown: string): readonly { info: string; text: string; line: number }[] => {
  const blocks: { info: string; text: string; line: number }[] = [];
  let open: { fence: string; info: string; from: number } | undefined;
  const lines = markdown.split("\n");
  for (const [index, line] of lines.entries()) {
    const [, fence = "", info = ""] = /^(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== "") open = { fence, info: info.trim(), from: index };
    else if (open !== undefined && fence === open.fence && info === "") {
      blocks.push({ info: open.info, text: lines.slice(open.from + 1, index).join("\n"), line: open.from + 1 });
      open = undefined;
    }
  }
  return blocks;
};
