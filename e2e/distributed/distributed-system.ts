import { join, resolve } from "node:path";
import { operatorToken } from "@cartwright/infra/embedded/operator-token";
import { importCatalogueFile } from "@cartwright/infra/ops/catalog-import";
import { opsConfig } from "@cartwright/infra/ops/config";
import { signingKey } from "@cartwright/infra/ops/signing-key";
import { type ServiceProcess, serviceProcesses } from "@cartwright/infra/services/service-processes";
import { freePort } from "@cartwright/testkit/free-port";
import type { PostgresServer } from "@cartwright/testkit/postgres";
import postgres, { type Sql } from "postgres";
import { operatorScopes } from "../asking.ts";
import { type RunningService, type ServiceName, spawnService } from "./running-service.ts";

const root = resolve(import.meta.dirname, "../..");

export type DistributedSystem = AsyncDisposable & {
  readonly sql: Sql;
  /** What an operator's commands are told of it. */
  readonly environment: Readonly<Record<string, string>>;
  url(service: ServiceName): string;
  /** The token of whoever keeps the shop, its money and its shoppers. */
  operator(): Promise<string>;
  /** Another process of a service that runs already; its ports are its own. */
  replica(service: ServiceName): Promise<RunningService>;
  /** Starts it again where it was killed, told of something else if need be, and waits until it is ready. */
  start(service: ServiceName, environment?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGKILL to its process; answers when it is gone. */
  kill(service: ServiceName): Promise<void>;
  process(service: ServiceName): RunningService;
  /** What each of its processes, also of those that are gone, said last, for whoever looks for what went wrong. */
  lastWords(): string;
};

export type DistributedOptions = {
  readonly postgres: Pick<PostgresServer, "url">;
  /** Of Kafka, Redis, a collector: what the services are told besides where PostgreSQL and their ports are. */
  readonly environment: Readonly<Record<string, string>>;
};

/** The five services and the storefront's server as processes of their own, on a PostgreSQL of the test's own. */
export const startDistributed = async ({ postgres: server, environment }: DistributedOptions): Promise<DistributedSystem> => {
  await using held = new AsyncDisposableStack();
  const sql = postgres(server.url, { onnotice: () => {} });
  held.defer(() => sql.end({ timeout: 1 }));
  // Goes on taking processes when the other is handed over.
  const children = held.use(new AsyncDisposableStack());
  const shared = {
    ...ownEnvironment(),
    LOG_LEVEL: "warn",
    POSTGRES_CONNECTION_STRING: server.url,
    ...environment,
    HOST: "127.0.0.1",
    ...(await freePorts()),
  };
  const services = new Map(serviceProcesses(shared).map((service) => [service.name, service]));
  const processes = new Map<string, RunningService>();
  const launched: RunningService[] = [];
  const serviceOf = (name: ServiceName): ServiceProcess => {
    const service = services.get(name);
    if (!service) throw new Error(`there is no service ${name}`);
    return service;
  };
  /** Answers when it is ready. */
  const launch = async (name: ServiceName, port: string, more: Readonly<Record<string, string>> = {}): Promise<RunningService> => {
    const adminPort = await freePort();
    const env = { ...shared, ...serviceOf(name).environment, ADMIN_PORT: String(adminPort), [portVariable(name)]: port, ...more };
    const url = `http://127.0.0.1:${port}`;
    env.POSTGRES_CONNECTION_STRING = withSessionsNamed(env.POSTGRES_CONNECTION_STRING, url);
    const running = children.use(spawnService({ service: name, url, adminPort, env, root }));
    launched.push(running);
    await running.ready();
    return running;
  };
  const system: Omit<DistributedSystem, keyof AsyncDisposable> = {
    sql,
    environment: shared,
    url: (name) => serviceOf(name).url,
    operator: async () => operatorToken(await signingKey(opsConfig(shared)), operatorScopes),
    replica: async (name) => launch(name, String(await freePort())),
    async start(name, more) {
      processes.set(name, await launch(name, new URL(serviceOf(name).url).port, more));
    },
    async kill(name) {
      await system.process(name)[Symbol.asyncDispose]();
    },
    process(name) {
      const running = processes.get(name);
      if (!running) throw new Error(`${name} does not run`);
      return running;
    },
    lastWords: () => launched.map((running) => running.lastWords()).join("\n"),
  };
  // All at once: in which order they come up is nobody's concern.
  await Promise.all([...services.keys()].map((name) => system.start(name as ServiceName)));
  await importCatalogueFile(opsConfig(shared), join(root, "infra/catalogue/demonstration.json"));
  const all = held.move();
  return { ...system, [Symbol.asyncDispose]: () => all.disposeAsync() };
};

/** So that a process can be told by its sessions, as `pg_stat_activity` shows them. */
const withSessionsNamed = (connection: string, name: string): string => {
  if (!connection.startsWith("postgres")) return connection;
  const url = new URL(connection);
  url.searchParams.set("application_name", name);
  return url.href;
};

const portVariable = (name: ServiceName): string => `${name.toUpperCase()}_PORT`;

const freePorts = async (): Promise<Record<string, string>> => {
  const names = ["cart", "storefront", "billing", "fraud", "notification", "projector"] as const;
  const ports = await Promise.all(names.map(async (name) => [portVariable(name), String(await freePort())]));
  return Object.fromEntries(ports);
};

/** Without what a developer has set for a system of their own. */
const ownEnvironment = (): Record<string, string> => {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
};
