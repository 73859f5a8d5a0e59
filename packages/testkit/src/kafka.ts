import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { hasProgram } from "./has-program.ts";
import { type BrokerPlan, type KafkaBroker, prepareKafkaBroker } from "./kafka-broker.ts";
import { kafkaBrokersSeen } from "./kafka-brokers-seen.ts";
import { kafkaJars } from "./kafka-jars.ts";
import { ServerUnavailable } from "./server-unavailable.ts";
import { until } from "./until.ts";

/** A cluster of one's own. Only what `startKafka` answers can be killed or wiped: no existing Kafka ever has this type. */
export type KafkaCluster = AsyncDisposable & {
  readonly bootstrapServers: readonly string[];
  readonly brokers: readonly KafkaBroker[];
  /** Kills every broker and starts them again on the same ports with nothing on them. */
  wipe(): Promise<void>;
  /** Ends every broker, and removes their data unless a `dataDir` was given. May be called more than once. */
  stop(): Promise<void>;
};

export type KafkaOptions = {
  /** Three keep every message three times and acknowledge with two (`min.insync.replicas`). */
  readonly brokers?: 1 | 3;
  /** Where data is kept from one start to the next; without it, data is in a temporary folder that goes with the cluster. */
  readonly dataDir?: string;
  /** Of the first broker; a free one, unless given. */
  readonly port?: number;
  /** One that runs for hours, or is measured, compiles itself fully: its start takes half as long again. */
  readonly longLived?: boolean;
};

/**
 * Starts a real Apache Kafka (KRaft, no topic made by itself) and answers when each broker takes requests: in about
 * three seconds for one, six for three. It ends with us, even by `kill -9`.
 *
 * @throws {ServerUnavailable} when Java or Maven are missing, or it does not start.
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<KafkaCluster> => {
  if (!hasProgram("java")) throw new ServerUnavailable("Kafka needs Java 17 or newer: there is no java");
  const jars = await kafkaJars();
  const { dataDir, longLived = false } = options;
  const temporary = dataDir === undefined;
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "cartwright-kafka-"));
  await using starting = new AsyncDisposableStack();
  if (temporary) starting.defer(() => rmSync(folder, { recursive: true, force: true }));
  const plans = await planBrokers(options);
  const folderOf = ({ id }: { id: number }) => join(folder, `broker-${id}`);
  const clusterId = clusterIdIn(folder);
  const prepare = (plan: BrokerPlan) =>
    prepareKafkaBroker(plan, { jars, clusterId, plans, longLived, folder: folderOf(plan), discard: temporary ? folder : undefined });
  const brokers = await Promise.all(plans.map(prepare));
  const endAll = async (how: "kill" | "stop") => void (await Promise.all(brokers.map((broker) => broker[how]())));
  starting.defer(() => endAll(temporary ? "kill" : "stop"));
  await startAll(brokers);
  const resources = starting.move();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= resources.disposeAsync();
    return stopped;
  };
  return {
    bootstrapServers: plans.map(({ port }) => `127.0.0.1:${port}`),
    brokers,
    async wipe() {
      await endAll("kill");
      for (const plan of plans) rmSync(join(folderOf(plan), "data"), { recursive: true, force: true });
      // Its data is made again; the handles that the test holds stay.
      await Promise.all(plans.map(prepare));
      await startAll(brokers);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

const planBrokers = async ({ brokers = 1, port }: KafkaOptions): Promise<readonly BrokerPlan[]> => {
  const ids = Array.from({ length: brokers }, (_, index) => index + 1);
  return Promise.all(
    ids.map(async (id) => ({ id, port: id === 1 && port !== undefined ? port : await freePort(), controllerPort: await freePort() })),
  );
};

/** Each broker sees all of them: until then, a new topic might be refused for want of brokers. */
const startAll = async (brokers: readonly KafkaBroker[]): Promise<void> => {
  await Promise.all(brokers.map((broker) => broker.start()));
  for (const { port } of brokers) {
    await until(async () => (await kafkaBrokersSeen(port)).length === brokers.length, { timeoutMs: 60_000, what: "all brokers of Kafka" });
  }
};

/** A UUID's 16 bytes in base64url, kept with the data. */
const clusterIdIn = (folder: string): string => {
  const file = join(folder, "cluster-id");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, Buffer.from(crypto.randomUUID().replaceAll("-", ""), "hex").toString("base64url"));
  return readFileSync(file, "utf8");
};
