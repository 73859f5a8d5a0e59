import { serversAreRequired } from "@cartwright/testkit/config";
import { isFreePort } from "@cartwright/testkit/free-port";
import { startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { startPostgres } from "@cartwright/testkit/postgres";
import { startRedis } from "@cartwright/testkit/redis";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { expect, test } from "vitest";
import { judge } from "./at-rest.ts";
import { startDistributed } from "./distributed-system.ts";
import { redisTexts } from "./redis-texts.ts";
import { startShoppers } from "./shoppers.ts";

/** As it was published, to the letter. */
const published = {
  KAFKA_BOOTSTRAP_SERVERS: "localhost:9092",
  KAFKA_GROUP_ID: "shopping-cart-group",
  REDIS_CONNECTION_STRING: "localhost:6379",
  POSTGRES_CONNECTION_STRING: "Host=localhost;Database=shoppingcart;Username=postgres;Password=password",
  ASPNETCORE_ENVIRONMENT: "Development",
};
const ports = await Promise.all([9092, 6379, 5432].map(isFreePort));
/** Somebody works with servers of their own there; where servers are required, they are to be had. */
const isTaken = ports.includes(false) && !serversAreRequired();

test.skipIf(lacks("own kafka", "own redis") || isTaken)(
  "by the published configuration the five services find Kafka, Redis and PostgreSQL, and carry checkouts to their mails",
  async () => {
    await using held = new AsyncDisposableStack();
    const [kafka, redis, server] = await Promise.all([
      startKafka({ port: 9092 }),
      startRedis({ port: 6379 }),
      startPostgres({ port: 5432 }),
    ]);
    for (const each of [kafka, redis, server]) held.use(each);
    const admin = postgres(server.url, { max: 1, onnotice: () => {} });
    await admin`create role postgres superuser login password 'password'`;
    await admin`create database shoppingcart owner postgres`;
    await admin.end();

    const { host, port } = server.connection;
    const url = `postgres://postgres:password@${host}:${port}/shoppingcart`;
    const system = held.use(await startDistributed({ postgres: { url }, environment: published }));
    await using shoppers = startShoppers({ origin: system.url("cart"), count: 2 });
    await shoppers.more(3);
    let wrong: unknown;
    const isAtRest = async () => {
      const { unfinished, twice } = await judge(system.sql, shoppers.acknowledged);
      const views = (await redisTexts("redis://localhost:6379")).join("\n");
      const unseen = shoppers.acknowledged.filter(({ cartId }) => !views.includes(`view:${cartId}`));
      wrong = { unfinished, twice, unseen };
      return unfinished.length + twice.length + unseen.length === 0;
    };
    await until(isAtRest, { timeoutMs: 60_000, what: "rest" }).catch(() => {});
    expect(wrong).toEqual({ unfinished: [], twice: [], unseen: [] });
  },
  180_000,
);
