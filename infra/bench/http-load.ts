import { join } from "node:path";
import type { MeasuredTime, Measurement } from "./measurement.ts";

export type HttpRequest = {
  method: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Any other status is an error. 200 if absent. */
  status?: number;
};

export type HttpLoad = {
  /** `http://localhost:5105`; plain HTTP. */
  origin: string;
  /** One keep-alive connection for each element; it sends the element's requests one after another, over and over. */
  connections: readonly (readonly [HttpRequest, ...HttpRequest[]])[];
};

/** Sends the load from a process of its own, so that the clients do not wait for what they measure. */
export const measureHttp = async (load: HttpLoad, time: MeasuredTime): Promise<Measurement> => {
  const child = Bun.spawn([process.execPath, join(import.meta.dirname, "http-load-process.ts")], {
    stdin: new Blob([JSON.stringify({ load, time })]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const output = await new Response(child.stdout).text();
  const exitCode = await child.exited;
  if (exitCode !== 0) throw new Error(`The load's process ended with ${exitCode}`);
  return JSON.parse(output);
};
