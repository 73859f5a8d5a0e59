import { until } from "@cartwright/testkit/until";
import type { EachBatchPayload, Kafka, KafkaMessage } from "kafkajs";
import { describe, expect, test } from "vitest";
import { heldClock } from "../testing/held-clock.ts";
import { openTopicSession } from "./topic-session.ts";

type Listener = (event: { payload: object }) => void;
type Batch = (payload: Partial<EachBatchPayload>) => Promise<void>;

const topic = "cart.events";

/** A member whose joins a test tells of, and brokers that say how many partitions there are when the test says so. */
const open = async ({ onAssigned = () => {} }: { onAssigned?: () => void } = {}) => {
  const listeners = new Map<string, Listener>();
  const asked: PromiseWithResolvers<number>[] = [];
  const assigned: (readonly number[])[] = [];
  const taken: string[] = [];
  let deliver: Batch = async () => {};
  const consumer = () => ({
    events: { CRASH: "crash", GROUP_JOIN: "join" },
    on: (name: string, listener: Listener) => void listeners.set(name, listener),
    connect: async () => {},
    subscribe: async () => {},
    run: async ({ eachBatch }: { eachBatch: Batch }) => {
      deliver = eachBatch;
    },
    disconnect: async () => {},
  });
  const admin = () => ({
    connect: async () => {},
    disconnect: async () => {},
    fetchTopicMetadata: async () => {
      const answer = Promise.withResolvers<number>();
      asked.push(answer);
      return { topics: [{ name: topic, partitions: Array.from({ length: await answer.promise }, () => ({})) }] };
    },
  });
  const session = await openTopicSession({
    // Only what is called is there.
    kafka: { consumer, admin } as unknown as Kafka,
    topic,
    groupId: "tests",
    limits: { sessionMs: 1, heartbeatMs: 1, maxWaitMs: 1 },
    clock: heldClock(),
    onAssigned(ours) {
      onAssigned();
      assigned.push(ours);
    },
    onMessages: (_, messages) => taken.push(...messages.map(({ offset }) => offset)),
  });
  const tellOfJoin = (ours: readonly number[]) => listeners.get("join")?.({ payload: { memberAssignment: { [topic]: ours } } });
  return {
    session,
    assigned,
    taken,
    asked,
    tellOfJoin,
    /** Answers, once the brokers have been asked, how they say how many partitions there are. */
    async join(ours: readonly number[]) {
      const before = asked.length;
      tellOfJoin(ours);
      return (await until(() => asked[before])).resolve;
    },
    deliver: (offset: string) =>
      deliver({
        // As much of a message as is looked at here.
        batch: { partition: 0, messages: [{ offset } as KafkaMessage] } as unknown as EachBatchPayload["batch"],
        resolveOffset: () => {},
        heartbeat: async () => {},
        isStale: () => false,
        isRunning: () => true,
      }),
  };
};

const turns = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

describe("a session on a topic", () => {
  test("holds what it was given last, however late the number of partitions is told for an earlier join", async () => {
    const { join, asked, assigned, session } = await open();
    const tellFirst = await join([0, 1, 2, 3]);
    const tellSecond = await join([0, 1]);
    tellSecond(4);
    await until(() => assigned.length === 1);
    tellFirst(4);
    await turns();
    expect(assigned).toEqual([[0, 1]]);
    // Nor does it end by what an earlier join was told.
    const tellThird = await join([2]);
    const tellFourth = await join([3]);
    tellThird(0);
    tellFourth(4);
    await until(() => assigned.length === 2);
    // Nor by what kept the brokers from telling it.
    await join([4]);
    (await join([5]))(4);
    asked.at(-2)?.reject(new Error("the broker is gone"));
    await until(() => assigned.length === 3);
    await turns();
    expect([assigned.slice(1), await Promise.race([session.ended, Promise.resolve("lives")])]).toEqual([[[3], [5]], "lives"]);
  });

  test("keeps messages until it is known what its last join gave it", async () => {
    const { join, deliver, assigned, taken } = await open();
    const tellFirst = await join([0, 1]);
    const delivered = deliver("7");
    const tellSecond = await join([0]);
    tellFirst(2);
    await turns();
    expect([assigned, taken]).toEqual([[], []]);
    tellSecond(2);
    await delivered;
    expect([assigned, taken]).toEqual([[[0]], ["7"]]);
  });

  test("that was closed takes nothing over any more, since the next one may have begun", async () => {
    const { join, tellOfJoin, asked, session, assigned } = await open();
    const tell = await join([0, 1]);
    await session.close();
    tell(2);
    // It was joining when it was told to leave.
    tellOfJoin([2, 3]);
    for (const answer of asked) answer.resolve(4);
    await turns();
    expect([assigned, asked.length]).toEqual([[], 1]);
  });

  test("ends where the topic is not there any more", async () => {
    const { join, session, assigned } = await open();
    (await join([0]))(0);
    expect(await session.ended).toMatchObject({ name: "KafkaUnavailable", message: "cart.events has no partitions" });
    expect(assigned).toEqual([]);
  });

  test("ends by what is thrown at its assignment, also while no messages come", async () => {
    const bug = new Error("a bug");
    const { join, session } = await open({
      onAssigned() {
        throw bug;
      },
    });
    (await join([0]))(4);
    expect(await session.ended).toBe(bug);
  });
});
