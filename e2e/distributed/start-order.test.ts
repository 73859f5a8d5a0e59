import { resolve } from "node:path";
import { serviceProcesses } from "@cartwright/infra/services/service-processes";
import { freePort } from "@cartwright/testkit/free-port";
import { startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { startPostgres } from "@cartwright/testkit/postgres";
import { startRedis } from "@cartwright/testkit/redis";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
/** Those who need others before those whom they need. */
const order = ["storefront", "projector", "notification", "fraud", "billing", "cart"] as const;
const reacting = order.filter((name) => name !== "storefront");
/** The projector reads the cart's log before all else. */
const onPostgres = reacting.filter((name) => name !== "projector");

const portsOf = async (names: readonly string[]) =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));

test.skipIf(lacks("own kafka", "own redis"))(
  "services that are started before all that they need wait for it, say for what, and are ready when they can serve",
  async () => {
    await using held = new AsyncDisposableStack();
    const [postgresPort, kafkaPort, redisPort] = [await freePort(), await freePort(), await freePort()];
    const [ports, admin] = [await portsOf(order.map((name) => `${name.toUpperCase()}_PORT`)), await portsOf(order)];
    const { PATH = "", HOME = "" } = process.env;
    const shared = {
      ...{ PATH, HOME, HOST: "127.0.0.1", LOG_LEVEL: "warn", ...ports },
      POSTGRES_CONNECTION_STRING: `Host=127.0.0.1;Port=${postgresPort};Database=shop;Username=shop;Password=secret`,
      KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${kafkaPort}`,
      REDIS_CONNECTION_STRING: `127.0.0.1:${redisPort}`,
    };
    const services = new Map(serviceProcesses(shared).map((service) => [service.name, service]));
    const start = (name: string) => {
      const env = { ...shared, ...services.get(name)?.environment, ADMIN_PORT: admin[name] };
      return held.use(spawnTracked([process.execPath, `apps/${name}/src/main.ts`], { cwd: root, env }));
    };
    const detail = async (name: string) => (await fetch(`http://127.0.0.1:${admin[name]}/health`)).text();
    const says = (name: string, what: RegExp) =>
      until(async () => what.test(await detail(name)), { timeoutMs: 20_000, what: `${name} to say ${what}` });
    const isReady = (name: string) =>
      fetch(`${services.get(name)?.url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );

    const running = order.map(start);
    for (const name of onPostgres) await says(name, /waits for PostgreSQL: .*ECONNREFUSED/);
    await says("projector", /waits for auth\.serviceToken at .* got no answer/);
    expect(await Promise.all(reacting.map(isReady))).toEqual(reacting.map(() => false));

    const server = held.use(await startPostgres({ port: postgresPort }));
    for (const name of onPostgres) await says(name, /waits for PostgreSQL: .*(?:password|authentication)/);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql`create role shop superuser login password 'secret'`;
    for (const name of onPostgres) await says(name, /waits for PostgreSQL: .*does not exist/);
    await sql`create database shop owner shop`;
    await sql.end();
    const areReady = async () => (await Promise.all(order.map(isReady))).every(Boolean);
    await until(areReady, { timeoutMs: 30_000, what: "all to be ready" });

    // What they do not need to serve may come last of all.
    const [kafka, redis] = await Promise.all([startKafka({ port: kafkaPort }), startRedis({ port: redisPort })]);
    held.use(kafka);
    held.use(redis);
    expect(await areReady()).toBe(true);
    for (const { pid } of running) process.kill(pid, "SIGTERM");
    expect(await Promise.all(running.map(({ exited }) => exited))).toEqual(order.map(() => 0));
  },
  90_000,
);
