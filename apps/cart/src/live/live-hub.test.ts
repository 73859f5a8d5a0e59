import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { expect, test } from "vitest";
import { liveHub } from "./live-hub.ts";

const hubUnderTest = (queueLimit = 3) => {
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  const values: Record<string, number> = {};
  const count = (name: string, value: number) => {
    values[name] = value;
  };
  const metrics: Metrics = {
    ...noMetrics,
    gauge: ({ name }) => ({ set: (_, value) => count(name, value), remove: () => {} }),
    counter: ({ name }) => ({ add: (_, by = 1) => count(name, (values[name] ?? 0) + by) }),
  };
  const tailer = {
    onEvents(listener: (events: readonly RecordedEvent[]) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    hub: liveHub({ tailer, metrics, queueLimit }),
    listeners,
    values,
    happens: (streamId: string, ...versions: number[]) => {
      const events = versions.map((version) => ({ streamId, version }) as RecordedEvent);
      for (const listener of listeners) listener(events);
    },
  };
};

const versions = (events: readonly RecordedEvent[] | null) => events?.map(({ version }) => version);
const joining = () => new AbortController();

test("any number of subscribers cost one listener at the tailer", () => {
  const { hub, listeners } = hubUnderTest();
  for (let index = 0; index < 100; index += 1) hub.join(`cart-${index % 7}`, joining().signal);
  expect(listeners.size).toBe(1);
});

test("what waits is handed over together, and then what comes next", async () => {
  const { hub, happens } = hubUnderTest();
  const feed = hub.join("cart-1", joining().signal);
  happens("cart-1", 1);
  happens("cart-2", 1);
  happens("cart-1", 2);
  expect(versions(await feed.next())).toEqual([1, 2]);
  const next = feed.next();
  happens("cart-1", 3);
  expect(versions(await next)).toEqual([3]);
});

test("of one who does not fetch what waits only the newest event is kept, and that is counted", async () => {
  const { hub, happens, values } = hubUnderTest();
  const feed = hub.join("cart-1", joining().signal);
  happens("cart-1", 1, 2, 3);
  happens("cart-1", 4);
  expect(versions(await feed.next())).toEqual([4]);
  expect(values.live_fell_behind_total).toBe(1);
});

test("who has left, by itself or by its signal, waits for nothing and is no longer counted", async () => {
  const { hub, happens, values } = hubUnderTest();
  const leaving = joining();
  const [one, other] = [hub.join("cart-1", leaving.signal), hub.join("cart-1", joining().signal)];
  expect(values.live_subscribers).toBe(2);
  const [ofOne, ofOther] = [one.next(), other.next()];
  leaving.abort();
  other.leave();
  other.leave();
  happens("cart-1", 1);
  expect([await ofOne, await ofOther, await one.next()]).toEqual([null, null, null]);
  expect(values.live_subscribers).toBe(0);
  expect(await hub.join("cart-1", leaving.signal).next()).toBe(null);
});

test("after the stop everybody is told, also who comes later, and the tailer is left alone", async () => {
  const { hub, listeners } = hubUnderTest();
  const waiting = hub.join("cart-1", joining().signal).next();
  hub.stop();
  await expect(waiting).rejects.toThrow("the service stops");
  await expect(hub.join("cart-1", joining().signal).next()).rejects.toThrow("the service stops");
  expect(listeners.size).toBe(0);
});
