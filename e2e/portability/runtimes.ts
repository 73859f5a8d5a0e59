import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { importCatalogueFile } from "@cartwright/infra/ops/catalog-import";
import { opsConfig } from "@cartwright/infra/ops/config";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { denoBinary } from "../client-package/deno-binary.ts";
import { workerdBinary } from "./workerd-binary.ts";

export type Runtime = {
  readonly name: string;
  /** Null where it can't be had. */
  readonly program: string | null;
  /** Builds the service for it, as the README says, and serves that with the demonstration's catalogue. */
  readonly serve: (program: string) => Promise<ServedCart>;
  /** Whether a stop is told to the service. workerd tells its workers nothing, and goes on until the last reader has left. */
  readonly endsReaders: boolean;
};

export type ServedCart = AsyncDisposable & { readonly url: string; readonly process: TrackedProcess };

const root = join(import.meta.dirname, "../..");
const catalogue = join(root, "infra/catalogue/demonstration.json");

const onDeno = async (program: string): Promise<ServedCart> => {
  await build("build:deno");
  await using started = new AsyncDisposableStack();
  const db = started.use(await testDatabase());
  const [port, adminPort] = [await freePort(), await freePort()];
  const POSTGRES_CONNECTION_STRING = connectionString(db);
  const permissions = ["--allow-net", "--allow-env", "--allow-sys", "--allow-read", ...socketPermissions(db)];
  const process = started.use(
    spawnTracked([program, "run", "--no-prompt", ...permissions, "apps/cart/dist/deno.js"], {
      cwd: root,
      env: { POSTGRES_CONNECTION_STRING, CART_PORT: String(port), ADMIN_PORT: String(adminPort), HOST: "127.0.0.1", LOG_LEVEL: "warn" },
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  await ready(url, process);
  await importCatalogueFile(opsConfig({ POSTGRES_CONNECTION_STRING, CART_URL: url }), catalogue);
  const held = started.move();
  return { url, process, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const onWorkerd = async (program: string): Promise<ServedCart> => {
  await build("build:worker");
  const port = await freePort();
  const process = spawnTracked([program, "serve", "apps/cart/worker.capnp", `--socket-addr=http=127.0.0.1:${port}`], { cwd: root });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, process);
  return { url, process, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
};

export const runtimes: readonly Runtime[] = [
  { name: "Deno, on PostgreSQL", program: await denoBinary(root), serve: onDeno, endsReaders: true },
  { name: "workerd, in memory", program: await workerdBinary(root), serve: onWorkerd, endsReaders: false },
];

const build = (script: string) => promisify(execFile)(process.execPath, ["run", script], { cwd: root });

const ready = async (url: string, { output }: TrackedProcess): Promise<void> => {
  try {
    await until(async () => (await fetch(`${url}/health/ready`)).ok, { timeoutMs: 20_000, what: "readiness" });
  } catch (cause) {
    throw new Error(`not ready, but:\n${output()}`, { cause });
  }
};

const connectionString = ({ options }: TestDatabase): string => {
  const { host, port, database, user, username, password } = options;
  return `Host=${host};Port=${port ?? 5432};Database=${database};Username=${user ?? username};Password=${password ?? ""}`;
};

/** Deno counts a socket in a folder as a file, to be read and written. */
const socketPermissions = ({ options: { host } }: TestDatabase) => (String(host).startsWith("/") ? [`--allow-write=${host}`] : []);
