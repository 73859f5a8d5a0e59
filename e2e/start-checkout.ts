import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ProcessEntry, runningProcesses } from "@cartwright/service-kit/node/process-table";
import { freePort } from "@cartwright/testkit/free-port";
import { signalIfAlive, spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import postgres, { type Sql } from "postgres";

/** A clone of this checkout's last commit, as a new user has it, with ports of its own. */
export type Checkout = AsyncDisposable & {
  readonly folder: string;
  readonly port: number;
  /** `npx --yes bun@1.4.4 start`, not yet up. */
  launch(options?: LaunchOptions): TrackedProcess;
  /** The same, up and answering. */
  start(options?: LaunchOptions): Promise<TrackedProcess>;
  /** Asks its embedded database. */
  ask<Answer>(question: (sql: Sql) => Promise<Answer>): Promise<Answer>;
  /** Keeps a note in its database. */
  remember(note: string): Promise<unknown>;
  /** The notes that are in its database. */
  remembered(): Promise<readonly string[]>;
  /** What runs in it or on its data, whoever started that. */
  processes(): readonly ProcessEntry[];
  /** Waits until nothing of it runs. */
  quiet(): Promise<void>;
};

export type LaunchOptions = {
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
};

/** Disposing ends all that runs in it and removes it, with the data it keeps elsewhere. */
export const freshCheckout = async ({ under = tmpdir() }: { under?: string } = {}): Promise<Checkout> => {
  const folder = realpathSync(mkdtempSync(join(under, "cartwright-e2e-")));
  chmodSync(folder, 0o755);
  execFileSync("git", ["clone", "--quiet", resolve(import.meta.dirname, ".."), folder]);
  const port = await freePort();
  const others = await Promise.all(
    ["BILLING_PORT", "FRAUD_PORT", "NOTIFICATION_PORT", "PROJECTOR_PORT", "STOREFRONT_PORT", "ADMIN_PORT"].map(async (name) => [
      name,
      String(await freePort()),
    ]),
  );
  const ports: Record<string, string> = { CART_PORT: String(port), ...Object.fromEntries(others) };
  const processes = () => runningProcesses().filter(({ pid }) => worksIn(pid, [folder, dataFolder(folder)]));
  const quiet = () =>
    until(() => processes().length === 0, { timeoutMs: 20_000, what: "the end of all" }).then(
      () => {},
      (cause) => fail(processes(), cause),
    );

  const launch = ({ args = [], command = START, environment, ...account }: LaunchOptions = {}) =>
    spawnTracked([...command, ...args], { cwd: folder, env: { ...process.env, ...NO_STRIPE, ...ports, ...environment }, ...account });

  const start = async (options?: LaunchOptions) => {
    const launched = launch(options);
    await launched.line(/^ *Cartwright runs/, 60_000);
    await until(() => answers(port));
    return launched;
  };

  const dispose = async () => {
    for (const { pid } of processes()) signalIfAlive(pid, "SIGKILL");
    await quiet();
    rmSync(dataFolder(folder), { recursive: true, force: true });
    rmSync(folder, { recursive: true });
  };
  const ask: Checkout["ask"] = (question) => askDatabase(dataFolder(folder), question);
  return { folder, port, launch, start, ask, ...notes(ask), processes, quiet, [Symbol.asyncDispose]: dispose };
};

/** Whether the system answers on this port. */
export const answers = async (port: number): Promise<boolean> => {
  const response = await fetch(`http://localhost:${port}/health/live`, { signal: AbortSignal.timeout(2_000) });
  return response.ok;
};

/** A key of Stripe's test mode is for the suite that asks for it; what is started here is paid by the simulator. */
const NO_STRIPE = { STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "", PAYMENT_PROVIDER: "" };

const START = ["npx", "--yes", "bun@1.4.4", "start"];

/** Where the data lies: a link where PostgreSQL's account cannot enter the checkout. */
const dataFolder = (checkout: string): string => {
  const link = join(checkout, ".data/postgres");
  return existsSync(link) ? realpathSync(link) : link;
};

const worksIn = (pid: number, folders: readonly string[]): boolean => {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    return folders.some((folder) => cwd === folder || cwd.startsWith(`${folder}/`));
  } catch {
    return false;
  }
};

const askDatabase = async <Answer>(home: string, question: (sql: Sql) => Promise<Answer>): Promise<Answer> => {
  const password = readFileSync(join(home, "password"), "utf8");
  const access = { host: join(home, "run"), port: 5432, user: "cartwright", database: "cartwright", password };
  const sql = postgres({ ...access, max: 1, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const notes = (ask: Checkout["ask"]): Pick<Checkout, "remember" | "remembered"> => ({
  remember: (note) =>
    ask(async (sql) => {
      await sql`create table if not exists notes (note text)`;
      await sql`insert into notes values (${note})`;
    }),
  remembered: () =>
    ask(async (sql) => {
      await sql`create table if not exists notes (note text)`;
      const rows = await sql`select note from notes`;
      return rows.map(({ note }) => note);
    }),
});

const fail = (alive: readonly ProcessEntry[], cause: unknown): never => {
  const names = alive.map(({ pid, command }) => `${pid} ${command.join(" ").slice(0, 100)}`);
  throw new Error(`still running:\n${names.join("\n")}`, { cause });
};
