import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import type { EachBatchPayload, Kafka } from "kafkajs";
import { expect, test } from "vitest";
import { appendEvents } from "../testing/events.ts";
import { heldClock } from "../testing/held-clock.ts";
import { allEventsOf } from "../testing/restored-log.ts";
import { encodeMessage } from "./event-message.ts";
import { topicOf } from "./event-topic.ts";
import { kafkaSource } from "./kafka-source.ts";

type Listener = (event: { payload: object }) => void;
type Batch = (payload: Partial<EachBatchPayload>) => Promise<void>;

/** Brokers that take everybody in, and whose members do what a test wants when they commit. */
const willingBrokers = (onCommit: (crash: () => void) => void) => {
  const members: { listeners: Map<string, Listener>; deliver: Batch }[] = [];
  const consumer = () => {
    const listeners = new Map<string, Listener>();
    return {
      events: { CRASH: "crash", GROUP_JOIN: "join" },
      on: (name: string, listener: Listener) => void listeners.set(name, listener),
      connect: async () => {},
      subscribe: async () => {},
      run: async ({ eachBatch }: { eachBatch: Batch }) => void members.push({ listeners, deliver: eachBatch }),
      commitOffsets: async () => onCommit(() => listeners.get("crash")?.({ payload: { error: new Error("the session is over") } })),
      disconnect: async () => {},
    };
  };
  const admin = () => ({
    connect: async () => {},
    disconnect: async () => {},
    fetchTopicMetadata: async ({ topics: [name] }: { topics: string[] }) => ({ topics: [{ name, partitions: [{}] }] }),
  });
  return { members, kafka: { consumer, admin } as unknown as Kafka };
};

test("a member whose session ends in the middle of a commit joins again at once, and not with the next look", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  await appendEvents(log, { streamId: "cart-1" });
  const [event] = await allEventsOf(log);
  if (!event) throw new Error("nothing was appended");
  const clock = heldClock();
  let commits = 0;
  const { members, kafka } = willingBrokers((crash) => {
    commits += 1;
    if (commits === 1) crash();
  });
  const source = kafkaSource({ kafka, log, groupPrefix: "tests", clock });
  const opened = await source.open({ group: "counting", assign: async () => {}, wake: () => {} });
  const first = await until(() => members[0]);
  first.listeners.get("join")?.({ payload: { memberAssignment: { [topicOf(log)]: [0] } } });
  const message = { ...encodeMessage(event, log.epoch), key: null, offset: "0", attributes: 0 };
  await first.deliver({
    batch: { partition: 0, messages: [message] } as unknown as EachBatchPayload["batch"],
    resolveOffset: () => {},
    heartbeat: async () => {},
    isStale: () => false,
    isRunning: () => true,
  });
  clock.advance(5_000);
  await until(() => commits > 0);
  await until(() => {
    clock.advance(20);
    return members.length === 2;
  });
  expect(clock.now().getTime() - Date.parse("2026-01-01T00:00:05.000Z")).toBeLessThan(1_000);
  await opened.close();
});
