import { Kafka, logLevel } from "kafkajs";
import { expect, test } from "vitest";
import { startKafka } from "./kafka.ts";
import { lacks } from "./lacks.ts";
import { until } from "./until.ts";

const timeout = 240_000;

test.skipIf(lacks("own kafka"))("three brokers go on with two, and take the third back", { timeout }, async () => {
  await using cluster = await startKafka({ brokers: 3 });
  const kafka = new Kafka({ brokers: [...cluster.bootstrapServers], logLevel: logLevel.NOTHING });
  const [admin, producer] = [kafka.admin(), kafka.producer({ retry: { retries: 20 } })];
  await Promise.all([admin.connect(), producer.connect()]);
  // Not for leaders: kafkajs gives up where a broker has not heard of the topic yet. The three copies are waited for.
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic: "led", numPartitions: 1, replicationFactor: 3 }] });
  const partition = async () => (await admin.fetchTopicMetadata({ topics: ["led"] })).topics[0]?.partitions[0];
  const partitionOnce = (holds: (found: { leader: number; isr: number[] }) => boolean, what: string) =>
    until(async () => [await partition()].find((found) => found && holds(found)), { timeoutMs: 60_000, what });

  const { leader } = await partitionOnce(({ isr }) => isr.length === 3, "three copies");
  const first = cluster.brokers.find(({ id }) => id === leader);
  await first?.kill();
  await partitionOnce((found) => found.leader !== leader && found.leader > 0, "another leader");
  const [sent] = await producer.send({ topic: "led", acks: -1, messages: [{ value: "with two" }] });
  expect(sent?.errorCode).toBe(0);

  await first?.start();
  await partitionOnce(({ isr }) => isr.length === 3, "three copies again");
  await Promise.all([admin.disconnect(), producer.disconnect()]);
});
