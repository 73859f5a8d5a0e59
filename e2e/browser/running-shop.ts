import { freePort } from "@cartwright/testkit/free-port";
import { signalIfAlive, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import { type Checkout, freshCheckout } from "../start-checkout.ts";
import { processOf } from "../start-roles.ts";

/** The whole system as a new user starts it, on a fresh clone with an embedded PostgreSQL. */
export type RunningShop = AsyncDisposable & {
  /** Of the page. */
  readonly url: string;
  /** `kill -9`: the page, the services and all. */
  kill(): Promise<void>;
  /** Once more, on the same ports and the same data. */
  startAgain(): Promise<void>;
};

export const startShop = async (): Promise<RunningShop> => {
  const checkout: Checkout = await freshCheckout();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let running: TrackedProcess | undefined;
  const start = async () => {
    running = await checkout.start({ environment: { STOREFRONT_PORT: String(port) } });
    await until(async () => (await fetch(url)).ok, { what: "the page" });
  };
  await start();
  return {
    url,
    async kill() {
      if (running) signalIfAlive(processOf("the system itself", running.pid).pid, "SIGKILL");
      await checkout.quiet();
    },
    startAgain: start,
    [Symbol.asyncDispose]: () => checkout[Symbol.asyncDispose](),
  };
};
