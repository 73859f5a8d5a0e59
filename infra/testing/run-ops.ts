import { execFile } from "node:child_process";
import { resolve } from "node:path";
import type { TestDatabase } from "@cartwright/testkit/test-database";

export type OpsRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** `bun run ops …`, with these variables beside those that there are. */
export const runOps = (args: readonly string[], environment: Readonly<Record<string, string>>): Promise<OpsRun> =>
  new Promise((ended) => {
    const options = { cwd: resolve(import.meta.dirname, "../.."), env: { ...process.env, ...environment } };
    const child = execFile(process.execPath, ["infra/ops.ts", ...args], options, (_, stdout, stderr) =>
      ended({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

/** As `POSTGRES_CONNECTION_STRING` takes it. */
export const connectionOf = ({ options: { host, port, database, user, username, password } }: TestDatabase): string =>
  `Host=${host};Port=${port};Database=${database};Username=${user ?? username};Password=${password}`;
