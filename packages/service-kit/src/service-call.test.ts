import superjson from "superjson";
import { expect, test } from "vitest";
import { ServiceAway, serviceCalls } from "./service-call.ts";

/** Asks a service that answers only when it is told to, and never if the request is given up before. */
const asking = (options: { timeoutMs?: number; signal?: AbortSignal }) => {
  const answer = Promise.withResolvers<Response>();
  const fetch = (_url: string, { signal }: RequestInit) => {
    signal?.addEventListener("abort", () => answer.reject(signal.reason));
    return answer.promise;
  };
  const call = serviceCalls({ url: "http://billing", fetch, ...options }).query({ path: "log.heads", input: {} });
  return { call, answer: () => answer.resolve(Response.json({ result: { data: superjson.serialize(7) } })) };
};

test("what a service answers is what it meant, dates and all", async () => {
  const { call, answer } = asking({});
  answer();
  expect(await call).toBe(7);
});

test("a service that does not answer in time is away", async () => {
  await expect(asking({ timeoutMs: 10 }).call).rejects.toBeInstanceOf(ServiceAway);
});

test("a call that is under way at the stop may still be answered", async () => {
  const stop = new AbortController();
  const { call, answer } = asking({ signal: stop.signal });
  stop.abort();
  answer();
  expect(await call).toBe(7);
});

test("a service that hangs is not waited for for long at the stop", async () => {
  const stop = new AbortController();
  const before = asking({ signal: stop.signal, timeoutMs: 60_000 });
  stop.abort();
  const after = asking({ signal: stop.signal, timeoutMs: 60_000 });
  const [first, second] = await Promise.allSettled([before.call, after.call]);
  for (const outcome of [first, second]) expect(outcome).toMatchObject({ status: "rejected", reason: expect.any(ServiceAway) });
});
