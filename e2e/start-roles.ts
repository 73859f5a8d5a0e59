import { type ProcessEntry, readProcess } from "@cartwright/service-kit/node/process-table";
import { descendants } from "@cartwright/testkit/spawn-tracked";

/** Every process that one start consists of, PostgreSQL's own workers apart. */
export const roles = [
  "npx",
  "npm's shell",
  "bun run",
  "the system itself",
  "the outer shell of PostgreSQL",
  "PostgreSQL",
  "the inner shell of PostgreSQL",
] as const;

export type Role = (typeof roles)[number];

/** The process that plays the role below this `npx`. */
export const processOf = (role: Role, npx: number): ProcessEntry => {
  const below = descendants(npx)
    .map(readProcess)
    .filter((entry) => entry !== undefined);
  const found = [readProcess(npx), ...below].find((entry) => entry && plays[role](entry, npx));
  if (!found) throw new Error(`nothing plays ${role}: ${below.map(({ command }) => command.join(" ")).join("\n")}`);
  return found;
};

const plays: Record<Role, (entry: ProcessEntry, npx: number) => boolean> = {
  npx: ({ pid }, npx) => pid === npx,
  "npm's shell": ({ command, parent }, npx) => parent === npx && command[1] === "-c",
  "bun run": ({ command }) => command.includes("start") && /bun$/.test(command[0] ?? ""),
  "the system itself": isMain,
  "the outer shell of PostgreSQL": isOuterShell,
  PostgreSQL: ({ command }) => /bin\/postgres$/.test(command[0] ?? ""),
  "the inner shell of PostgreSQL": ({ command, parent }) => isShell(command) && isOuterShell(readProcess(parent)),
};

const isShell = (command: readonly string[]) => command[0] === "/bin/sh";
function isMain(entry: ProcessEntry | undefined) {
  return entry?.command.some((word) => word.endsWith("main.ts")) ?? false;
}
function isOuterShell(entry: ProcessEntry | undefined) {
  return entry !== undefined && isShell(entry.command) && isMain(readProcess(entry.parent));
}
