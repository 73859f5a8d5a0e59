import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { countingGroup, noFaults } from "../testing/counting-group.ts";
import { appendEvents } from "../testing/events.ts";
import { readTopic } from "../testing/read-topic.ts";
import { kafkaClient } from "./kafka-client.ts";
import { kafkaSource } from "./kafka-source.ts";
import { relay } from "./relay.ts";
import { withAdmin } from "./with-admin.ts";

const aMinute = () => AbortSignal.timeout(60_000);

test.skipIf(lacks("own kafka"))(
  "what Kafka has lost, while it is away or wiped, quiet or busy, is found in the log, and nothing is handled twice",
  async () => {
    await using cluster = await startKafka();
    const [broker] = cluster.brokers;
    const kafka = kafkaClient({ brokers: cluster.bootstrapServers, clientId: "source-faults" });
    const log = inMemoryEventLog({ name: "cart" });
    const group = countingGroup(log);
    const append = async (events: number) => {
      for (let turn = 0; turn < events; turn++) await appendEvents(log, { streamId: `cart-${turn % 30}` });
    };
    await using publishing = relay({ log, kafka, progress: group.progress, sendTimeoutMs: 5_000, limits: { maxBackoffMs: 500 } });
    await using counting = group.consume(
      kafkaSource({ kafka, log, groupPrefix: "source.faults", limits: { sessionMs: 6_000, lookMs: 200 }, metrics: group.metrics }),
      { limits: { headsMs: 500 } },
    );
    await publishing.start();
    await counting.start();
    await append(100);
    await counting.catchUp(aMinute());

    // Away, and back with what it had.
    await broker?.kill();
    await append(100);
    await counting.catchUp(aMinute());
    await broker?.start();
    await publishing.catchUp(aMinute());

    // The topic deleted while nothing comes in: it is made again, and used.
    await withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [publishing.topic] }));
    await append(1);
    await publishing.catchUp(aMinute());
    await counting.catchUp(aMinute());

    // The brokers wiped in the middle of everything.
    const appending = append(2_000);
    await cluster.wipe();
    await appending;
    await counting.catchUp(aMinute());
    await publishing.catchUp(aMinute());
    expect(await group.faults()).toEqual(noFaults);
    expect(group.count("consumer_healed_total")).toBeGreaterThan(0);

    // And what comes then comes through Kafka again.
    await until(
      async () => {
        const healed = group.count("consumer_healed_total");
        await append(30);
        await counting.catchUp(aMinute());
        return group.count("consumer_healed_total") === healed;
      },
      { timeoutMs: 30_000, what: "events that come through Kafka again" },
    );
    expect([...(await readTopic(kafka, publishing.topic)).values()].flat().length).toBeGreaterThan(0);
    expect(await group.faults()).toEqual(noFaults);
  },
  180_000,
);
