import { afterEach, expect, test, vi } from "vitest";
import type { CallContext } from "./call-context.ts";
import { silentLogger } from "./logger.ts";
import type { Principal } from "./principal.ts";
import { requestRefused } from "./request-refusal.ts";
import { type CallConnection, subscription } from "./subscription.ts";

const ada: Principal = { subject: "user-ada", kind: "user", scopes: new Set(), expiresAt: new Date(), tokenId: "t" };
const expired = requestRefused({ code: "Unauthenticated", reason: "expired" });

/** A call whose token a test can end. */
const aCall = (connection?: CallConnection) => {
  const token = { good: true };
  const call: CallContext = {
    principal: ada,
    recheck: () => (token.good ? undefined : expired),
    correlationId: "c",
    logger: silentLogger,
    connection,
  };
  return { call, token };
};

/** Numbers that a test gives out, until the signal. */
const source = () => {
  const given: number[] = [];
  let asked = 0;
  let wake = () => {};
  const open = async function* (signal: AbortSignal) {
    signal.addEventListener("abort", () => wake());
    for (;;) {
      asked += 1;
      while (given.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal.aborted) return;
      yield given.shift() ?? 0;
    }
  };
  const give = (number: number) => {
    given.push(number);
    wake();
  };
  return { open, give, asked: () => asked };
};

afterEach(() => vi.useRealTimers());

test("it yields what there is until its signal", async () => {
  const { call } = aCall();
  const { open, give } = source();
  const leaving = new AbortController();
  const numbers = subscription(call, leaving.signal, open);
  give(1);
  give(2);
  expect([await numbers.next(), await numbers.next()]).toMatchObject([{ value: 1 }, { value: 2 }]);
  const next = numbers.next();
  leaving.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

test("an expired token gets nothing that comes later", async () => {
  const { call, token } = aCall();
  const { open, give } = source();
  const numbers = subscription(call, undefined, open);
  give(1);
  await numbers.next();
  token.good = false;
  give(2);
  await expect(numbers.next()).rejects.toBe(expired);
});

test("a quiet one ends within a second of its token", async () => {
  vi.useFakeTimers();
  const { call, token } = aCall();
  const next = subscription(call, undefined, source().open).next();
  token.good = false;
  vi.advanceTimersByTime(1_000);
  await expect(next).rejects.toBe(expired);
  expect(vi.getTimerCount()).toBe(0);
});

test("one whose caller goes while it does not read leaves nothing behind", async () => {
  vi.useFakeTimers();
  const { call } = aCall();
  const { open, give } = source();
  const leaving = new AbortController();
  let isEnded = false;
  const numbers = subscription(call, leaving.signal, (signal) => {
    signal.addEventListener("abort", () => {
      isEnded = true;
    });
    return open(signal);
  });
  give(1);
  await numbers.next();
  expect(vi.getTimerCount()).toBe(1);
  leaving.abort();
  expect([vi.getTimerCount(), isEnded]).toEqual([0, true]);
});

test("a connection has so many places, and each is given back", async () => {
  let places = 1;
  const connection: CallConnection = {
    maxSubscriptions: 1,
    writable: () => undefined,
    subscribe() {
      if (places === 0) return null;
      places -= 1;
      return {
        [Symbol.dispose]: () => {
          places += 1;
        },
      };
    },
  };
  const { call } = aCall(connection);
  const { open, give } = source();
  give(1);
  const first = subscription(call, undefined, open);
  await first.next();
  await expect(subscription(call, undefined, open).next()).rejects.toMatchObject({
    refusal: { code: "TooManySubscriptions", limit: 1 },
  });
  await first.return();
  give(2);
  expect(await subscription(call, undefined, open).next()).toMatchObject({ value: 2 });
});

test("nothing more is asked for while the client does not read", async () => {
  const reading = Promise.withResolvers<void>();
  const { call } = aCall({ maxSubscriptions: 1, subscribe: () => ({ [Symbol.dispose]: () => {} }), writable: () => reading.promise });
  const { open, give, asked } = source();
  give(1);
  give(2);
  const next = subscription(call, undefined, open).next();
  await new Promise(setImmediate);
  expect(asked()).toBe(1);
  reading.resolve();
  expect(await next).toMatchObject({ value: 1 });
});
