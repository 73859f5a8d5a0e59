import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { describe, expect, test } from "vitest";
import { startKafka } from "./kafka.ts";
import { kafkaBrokersSeen } from "./kafka-brokers-seen.ts";
import { lacks } from "./lacks.ts";
import { sharedKafka } from "./shared-kafka.ts";
import { until } from "./until.ts";

const timeout = 240_000;

const clientOf = (bootstrapServers: readonly string[]) => new Kafka({ brokers: [...bootstrapServers], logLevel: logLevel.NOTHING });

/** Makes a topic that holds one message for each text. */
const write = async (kafka: Kafka, { topic, texts, copies = 1 }: { topic: string; texts: readonly string[]; copies?: number }) => {
  const [admin, producer] = [kafka.admin(), kafka.producer()];
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, replicationFactor: copies }] });
  await producer.send({ topic, acks: -1, messages: texts.map((value) => ({ value })) });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
};

const read = async (kafka: Kafka, { topic, count }: { topic: string; count: number }) => {
  const consumer = kafka.consumer({ groupId: `reads-${crypto.randomUUID()}`, maxWaitTimeInMs: 50 });
  const texts: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void texts.push(String(message.value)) });
  await until(() => texts.length >= count, { timeoutMs: 60_000, what: `${count} messages` });
  await consumer.disconnect();
  return texts;
};

const topicsOf = async (kafka: Kafka): Promise<readonly string[]> => {
  const admin = kafka.admin();
  await admin.connect();
  const topics = await admin.listTopics();
  await admin.disconnect();
  return topics;
};

describe.skipIf(lacks("own kafka"))("a Kafka of one's own", () => {
  test("keeps what it acknowledged through a kill, and a wipe leaves nothing", { timeout }, async () => {
    await using cluster = await startKafka();
    const [broker] = cluster.brokers;
    if (!broker) throw new Error("a cluster has a broker");
    const kafka = clientOf(cluster.bootstrapServers);
    await write(kafka, { topic: "kept", texts: ["one", "two"] });

    await broker.kill();
    expect(broker.pid).toBeUndefined();
    await expect(kafkaBrokersSeen(broker.port)).rejects.toThrow();
    await broker.start();
    expect(await read(kafka, { topic: "kept", count: 2 })).toEqual(["one", "two"]);

    await cluster.wipe();
    expect(await topicsOf(kafka)).toEqual([]);
  });

  test("with a folder of the test's, data outlives the cluster", { timeout }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "cartwright-kafka-kept-"));
    using _folder = { [Symbol.dispose]: () => rmSync(dataDir, { recursive: true }) };
    // One in 64 begins with a dash, and must not be taken for an option.
    writeFileSync(join(dataDir, "cluster-id"), `-${"A".repeat(21)}`);
    {
      await using cluster = await startKafka({ dataDir });
      await write(clientOf(cluster.bootstrapServers), { topic: "kept", texts: ["one"] });
    }
    await using cluster = await startKafka({ dataDir });
    expect(await read(clientOf(cluster.bootstrapServers), { topic: "kept", count: 1 })).toEqual(["one"]);
  });

  test("leaves neither process nor folder when the test itself is killed", { timeout }, async () => {
    const tmp = mkdtempSync(join(tmpdir(), "cartwright-kafka-killed-"));
    using _folder = { [Symbol.dispose]: () => rmSync(tmp, { recursive: true }) };
    const program = `
      import { startKafka } from ${JSON.stringify(join(import.meta.dirname, "kafka.ts"))};
      const { brokers } = await startKafka();
      console.log(brokers[0]?.pid);
      process.kill(process.pid, "SIGKILL");`;
    const killed = Bun.spawn([process.execPath, "-e", program], {
      env: { ...process.env, TMPDIR: tmp },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(await new Response(killed.stdout).text());
    expect(pid).toBeGreaterThan(1);
    await until(() => !existsSync(`/proc/${pid}`), { what: "the end of an orphaned broker" });
    await until(() => readdirSync(tmp).length === 0, { what: "the end of its folder" });
  });
});

test.skipIf(lacks("kafka"))("a shared Kafka is started once", { timeout }, async () => {
  const [one, other] = await Promise.all([sharedKafka(), sharedKafka()]);
  expect(one).toEqual(other);
  const kafka = clientOf(one.bootstrapServers);
  const topic = `shared-${crypto.randomUUID()}`;
  await write(kafka, { topic, texts: ["one"] });
  expect(await read(kafka, { topic, count: 1 })).toEqual(["one"]);
});
