import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kafkaBrokersSeen } from "./kafka-brokers-seen.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { ServerUnavailable } from "./server-unavailable.ts";
import { until } from "./until.ts";

/** One broker that we started, and so may kill. */
export type KafkaBroker = {
  readonly id: number;
  readonly port: number;
  /** Of the Java process itself; undefined while it is down. */
  readonly pid: number | undefined;
  /** SIGKILL; answers when it has ended. */
  kill(): Promise<void>;
  /** Starts it again on its data and its port; answers when it takes requests. Does nothing while it runs. */
  start(): Promise<void>;
  /** Lets it hand over its partitions first; where it can't in ten seconds, it is killed. */
  stop(): Promise<void>;
};

export type BrokerPlan = {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
};

export type BrokerOptions = {
  readonly jars: string;
  readonly clusterId: string;
  /** Of all brokers, this one among them. */
  readonly plans: readonly BrokerPlan[];
  /** Its own folder. */
  readonly folder: string;
  readonly discard: string | undefined;
  readonly longLived: boolean;
};

/** A broker that is down, with data made for it where there is none. */
export const prepareKafkaBroker = async (plan: BrokerPlan, options: BrokerOptions): Promise<KafkaBroker> => {
  const { id, port } = plan;
  let server: ServerProcess | undefined;
  await format(plan, options);
  return {
    id,
    port,
    get pid() {
      return server?.pid;
    },
    async start() {
      if (server) return;
      const starting = startJava(["kafka.Kafka", PROPERTIES], options);
      server = starting;
      await answers(starting, plan).catch(async (error) => {
        await starting.kill();
        throw error;
      });
      void starting.exited.then(() => {
        if (server === starting) server = undefined;
      });
    },
    async kill() {
      await server?.kill();
      server = undefined;
    },
    async stop() {
      await server?.stop();
      server = undefined;
    },
  };
};

const PROPERTIES = "server.properties";
const LOG = "server.log";

const format = async (plan: BrokerPlan, options: BrokerOptions): Promise<void> => {
  const { folder, clusterId } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, PROPERTIES), properties(plan, options));
  if (existsSync(join(folder, "data/meta.properties"))) return;
  rmSync(join(folder, "data"), { recursive: true, force: true });
  const formatting = startJava(["kafka.tools.StorageTool", "format", `--cluster-id=${clusterId}`, "-c", PROPERTIES], options);
  if ((await formatting.exited) !== 0) throw new ServerUnavailable(`Kafka cannot make its data: ${formatting.lastWords()}`);
};

const startJava = (args: readonly string[], options: BrokerOptions): ServerProcess => {
  const { jars, folder, plans, discard, longLived } = options;
  const memory = plans.length === 1 ? "-Xmx512m" : "-Xmx384m";
  // Compiling what a test runs once takes a third of a start.
  const compiler = longLived ? [] : ["-XX:TieredStopAtLevel=1"];
  const flags = ["-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"];
  return startServerProcess(["java", memory, ...compiler, ...flags, "-cp", `${jars}/*`, ...args], {
    cwd: folder,
    // KAFKA_ variables and JAVA_TOOL_OPTIONS of the machine would change what is started.
    env: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME },
    logFile: join(folder, LOG),
    discard,
  });
};

const answers = async (server: ServerProcess, { id, port }: BrokerPlan): Promise<void> => {
  const ended = server.exited.then((how) => {
    throw new ServerUnavailable(`Kafka ended (${how}): ${server.lastWords()}`);
  });
  const ready = until(async () => (await kafkaBrokersSeen(port)).includes(id), {
    timeoutMs: 120_000,
    what: `broker ${id} taking requests`,
  });
  await Promise.race([ready, ended]);
};

/** Relative paths: a broker's working directory is its folder. */
const properties = ({ id, port, controllerPort }: BrokerPlan, { plans }: BrokerOptions): string => {
  const copies = plans.length;
  const settings = {
    "process.roles": "broker,controller",
    "node.id": id,
    "controller.quorum.voters": plans.map((plan) => `${plan.id}@127.0.0.1:${plan.controllerPort}`).join(","),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "log.dirs": "data",
    "default.replication.factor": copies,
    "min.insync.replicas": Math.max(1, copies - 1),
    "offsets.topic.replication.factor": copies,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": Math.max(1, copies - 1),
    "transaction.state.log.num.partitions": 4,
    "group.initial.rebalance.delay.ms": 0,
    "auto.create.topics.enable": false,
    // A dead broker is noticed in seconds, and so is one that came back.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
};
