import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@cartwright/testkit/until";
import { findKeeper, readServiceRecord, serviceFolder, type Told } from "./keeper.ts";
import { type ServiceName, services } from "./services.ts";

export type StartedService = { readonly name: ServiceName; readonly variable: string; readonly outcome: Outcome };

export type Outcome =
  | ({ readonly kind: "started" | "running"; readonly pid: number } & Told)
  | ({ readonly kind: "inDocker" } & Told)
  | { readonly kind: "failed"; readonly reason: string };

/** Starts each server that does not run yet, all at once, and answers when each takes requests or has failed. */
export const startServices = (folder: string, names: readonly ServiceName[]): Promise<readonly StartedService[]> =>
  Promise.all(names.map(async (name) => ({ name, variable: services[name].variable, outcome: await startService(folder, name) })));

const startService = async (folder: string, name: ServiceName): Promise<Outcome> => {
  const keeper = findKeeper(folder, name);
  if (keeper?.told) return { kind: "running", pid: keeper.pid, ...keeper.told };
  // An `up` that was killed may have left one that still starts.
  if (keeper) return ready(folder, name, { pid: keeper.pid, hasEnded: () => findKeeper(folder, name)?.pid !== keeper.pid });
  const child = launch(folder, name);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return ready(folder, name, { pid: child.pid ?? -1, hasEnded });
};

/** In a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it. */
const launch = (folder: string, name: ServiceName): ChildProcess => {
  mkdirSync(serviceFolder(folder, name), { recursive: true });
  const log = openSync(logFile(folder, name), "w");
  const child = spawn(process.execPath, [join(import.meta.dirname, "keep.ts"), folder, name], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  return child;
};

const ready = async (folder: string, name: ServiceName, { pid, hasEnded }: { pid: number; hasEnded: () => boolean }): Promise<Outcome> => {
  const told = () => readServiceRecord(folder, name, pid);
  // Maven may have to fetch Kafka first.
  await until(() => told() !== undefined || hasEnded(), { timeoutMs: 180_000, what: `the start of ${name}` });
  const started = told();
  if (started) return { kind: "started", pid, ...started };
  return { kind: "failed", reason: readFileSync(logFile(folder, name), "utf8").trim() || "it ended without a word" };
};

const logFile = (folder: string, name: ServiceName): string => join(serviceFolder(folder, name), "keeper.log");
