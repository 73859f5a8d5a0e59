import { until } from "@cartwright/testkit/until";
import { findKeeper } from "./keeper.ts";
import { type ServiceName, serviceNames } from "./services.ts";

/** Stops what `startServices` started in this folder, and nothing else; answers which servers ran. Their data stay. */
export const stopServices = async (folder: string): Promise<readonly ServiceName[]> => {
  const stopped = await Promise.all(serviceNames.map(async (name) => ((await stopService(folder, name)) ? name : undefined)));
  return stopped.filter((name) => name !== undefined);
};

const stopService = async (folder: string, name: ServiceName): Promise<boolean> => {
  if (!signalKeeper(folder, name, "SIGTERM")) return false;
  const gone = () => findKeeper(folder, name) === undefined;
  await until(gone, { timeoutMs: 20_000 }).catch(async () => {
    // Its server notices the end of its keeper and ends too.
    signalKeeper(folder, name, "SIGKILL");
    await until(gone, { what: `the end of ${name}` });
  });
  return true;
};

const signalKeeper = (folder: string, name: ServiceName, signal: NodeJS.Signals): boolean => {
  const keeper = findKeeper(folder, name);
  if (!keeper) return false;
  process.kill(keeper.pid, signal);
  return true;
};
