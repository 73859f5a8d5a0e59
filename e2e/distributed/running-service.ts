import { spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import { type Sample, samplesOf } from "./samples.ts";

export type ServiceName = "cart" | "storefront" | "billing" | "fraud" | "notification" | "projector";

/** A process of a service, with what it counts. */
export type RunningService = TrackedProcess & {
  readonly service: ServiceName;
  readonly url: string;
  metrics(): Promise<readonly Sample[]>;
  /** What it said last, for whoever looks for what went wrong. */
  lastWords(): string;
};

export type ServiceStart = {
  readonly service: ServiceName;
  /** Where it will listen. */
  readonly url: string;
  readonly adminPort: number;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the checkout. */
  readonly root: string;
};

/** Starts a service as a process; `ready` waits until it can be used. */
export const spawnService = ({ service, url, adminPort, env, root }: ServiceStart): RunningService & { ready(): Promise<void> } => {
  const child = spawnTracked([process.execPath, `apps/${service}/src/main.ts`], { cwd: root, env });
  let isKilled = false;
  let ended: number | NodeJS.Signals | undefined;
  const lastWords = () => `${service} at ${url}${ended === undefined ? "" : `, ended with ${ended}`}:\n${tailOf(child.output())}\n`;
  void child.exited.then((code) => {
    ended = code;
    // Who is told to go does so with 0. Any other that ends would be missed by many, and named by nobody.
    if (code !== 0 && !isKilled) process.stderr.write(lastWords());
  });
  return {
    ...child,
    service,
    url,
    lastWords,
    metrics: async () => samplesOf(await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()),
    async ready() {
      const look = async () => ended !== undefined || (await fetch(`${url}/health/ready`)).ok;
      // Sooner than a purchase that waits for it gives up: what the process said is told then.
      await until(look, { timeoutMs: 45_000, what: `${url} to be ready` }).catch((cause) => {
        throw new Error(`it was not ready:\n${child.output()}`, { cause });
      });
      if (ended !== undefined) throw new Error(`it ended with ${ended}:\n${child.output()}`);
    },
    [Symbol.asyncDispose]() {
      isKilled = true;
      return child[Symbol.asyncDispose]();
    },
  };
};

const tailOf = (output: string): string => output.trim().split("\n").slice(-20).join("\n");
