import { sharedServersUrl } from "./config.ts";
import { ServerUnavailable } from "./server-unavailable.ts";

/**
 * The address of a server that all test files of a run share: the test runner starts it when the first of them asks.
 * A test file that runs without the runner starts one for its own process.
 *
 * @throws {ServerUnavailable} when it cannot be started.
 */
export const sharedServer = (name: SharedServerName, startHere: () => Promise<string>): Promise<string> => {
  const url = sharedServersUrl();
  const known = addresses.get(name) ?? (url === undefined ? startHere() : ask(`${url}/${name}`));
  addresses.set(name, known);
  return known;
};

export type SharedServerName = "kafka" | "redis";

const addresses = new Map<SharedServerName, Promise<string>>();

const ask = async (url: string): Promise<string> => {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new ServerUnavailable(text);
  return text;
};
