import { isDeepStrictEqual } from "node:util";
import { type KafkaCluster, startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { startPostgres } from "@cartwright/testkit/postgres";
import { type RedisServer, startRedis } from "@cartwright/testkit/redis";
import { until } from "@cartwright/testkit/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FlakyNetwork, flakyNetwork } from "../flaky-network.ts";
import { startAskingFigures } from "./asking-figures.ts";
import { type DistributedSystem, startDistributed } from "./distributed-system.ts";
import { type KnowingShoppers, startKnowingShoppers } from "./knowing-shoppers.ts";
import { expectedLists, listsOf } from "./lists-at-rest.ts";
import { ops } from "./ops.ts";
import { redeliver } from "./redeliver.ts";
import { redisTexts } from "./redis-texts.ts";
import type { RunningService } from "./running-service.ts";

const minutes = 60_000;
/** After which a projector that is silent has lost its shards. */
const leaseMs = 11_000;

describe.skipIf(lacks("own kafka", "own redis"))("the read model on Redis, whatever becomes of Redis", () => {
  const held = new AsyncDisposableStack();
  let kafka: KafkaCluster;
  let primary: RedisServer;
  let replica: RedisServer;
  let network: FlakyNetwork;
  let system: DistributedSystem;
  let otherProjector: RunningService;
  let shopping: KnowingShoppers;
  /** Where the network leads to. */
  const ports: number[] = [];

  beforeAll(async () => {
    const [startedKafka, postgres, startedRedis] = await Promise.all([
      startKafka(),
      startPostgres(),
      startRedis({ persistence: "always" }),
    ]);
    for (const server of [startedKafka, postgres, startedRedis]) held.use(server);
    [kafka, primary] = [startedKafka, startedRedis];
    replica = held.use(await startRedis({ replicaOf: primary }));
    ports.push(primary.port);
    network = held.use(await flakyNetwork(ports));
    const environment = {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers.join(","),
      REDIS_CONNECTION_STRING: `redis://127.0.0.1:${network.port}`,
    };
    system = held.use(await startDistributed({ postgres, environment }));
    otherProjector = await system.replica("projector");
    shopping = held.use(await startKnowingShoppers({ origin: system.url("cart"), count: 4 }));
  }, 4 * minutes);
  afterAll(() => held.disposeAsync(), minutes);

  /** Until so much more was bought, so that what happens next happens under load. */
  const shopped = async (more: number) => {
    const enough = shopping.steps() + more;
    await until(() => shopping.steps() >= enough, { timeoutMs: minutes, what: `${more} steps` });
  };

  /** Rebuilds again and again; Redis may be away meanwhile, or forget what was being compared. */
  const rebuilding = () => {
    let over = false;
    const again = async () => {
      while (!over) {
        await ops(["rebuild", "cart-view"], system.environment).catch(() => {});
        await ops(["rebuild", "cart-view", "drop"], system.environment).catch(() => {});
      }
    };
    const running = again();
    return {
      async end() {
        over = true;
        await running;
      },
    };
  };

  test(
    "under load, with rebuilds all the while: nobody is shown less than they know, and at rest all is as the log has it",
    async () => {
      const rebuilds = rebuilding();
      const figures = await startAskingFigures(system);
      await shopped(40);

      otherProjector.signalGroup("SIGSTOP");
      const frozenAt = Date.now();
      await primary.wipe();
      await shopped(40);
      await primary.kill();
      await shopped(20);
      await primary.start();
      await shopped(40);

      // A failover to a replica that lacks what was last written.
      await until(() => replicaIsLinked(replica), { timeoutMs: minutes, what: "the replica to follow" });
      process.kill(replica.pid ?? 0, "SIGSTOP");
      await shopped(20);
      await primary.kill();
      process.kill(replica.pid ?? 0, "SIGCONT");
      await replica.promote();
      ports[0] = replica.port;
      network.cut();
      await shopped(40);

      await redeliver(kafka.bootstrapServers, { times: 1 });
      // It keeps nothing.
      await replica.kill();
      await replica.start();
      await replica.promote();
      await shopped(40);
      await until(() => Date.now() - frozenAt > leaseMs, { timeoutMs: minutes, what: "the frozen projector's leases to run out" });
      otherProjector.signalGroup("SIGCONT");
      await shopped(40);

      await shopping.stop();
      await rebuilds.end();
      await until(() => figures.isWhole(), { timeoutMs: minutes, what: "figures of all that happened" });
      await figures.stop();
      expect(shopping.stale).toEqual([]);
      // With Redis away they are answered too.
      expect(figures.faults).toEqual([]);
      expect(figures.answers()).toBeGreaterThan(0);

      // As it is, and again in a version that is filled without disturbance.
      const check = () => ops(["rebuild", "cart-view", "check"], system.environment);
      expect(await check()).toContain("each as the log has it");
      for (const shopper of shopping.shoppers) {
        const isAtRest = async () => isDeepStrictEqual(await listsOf(shopper.client), await expectedLists(system.sql, shopper));
        await until(isAtRest, { timeoutMs: minutes, what: "lists as the log has them" }).catch(() => {});
        expect(await listsOf(shopper.client)).toEqual(await expectedLists(system.sql, shopper));
      }
      expect(await check()).toContain("each as the log has it");
      expect(await ops(["rebuild", "cart-view"], system.environment)).toContain("each as the log has it");
      const counted = await ops(["rebuild", "figures", "check"], system.environment);
      for (const store of ["Redis", "PostgreSQL"])
        expect(counted).toMatch(new RegExp(`of the figures in ${store} is shown: [1-9]\\d* figures, each as the log has it`));
      await ops(["rebuild", "cart-view", "drop"], system.environment);
      const [{ version } = { version: 0 }] = await system.sql<{ version: number }[]>`
        select version from projector.projection_version where store = 'redis' and projection = 'cart-view'`;
      const keys = (await redisTexts(replica.url)).map((text): string => JSON.parse(text)[0]).filter((key) => key.includes("cart-view:"));
      expect(keys.filter((key) => !key.startsWith(`cartwright:cart-view:${version}:`))).toEqual(["cartwright:cart-view:active"]);
    },
    5 * minutes,
  );
});

const replicaIsLinked = async ({ url }: RedisServer): Promise<boolean> => {
  const client = new Bun.RedisClient(url);
  try {
    return String(await client.send("INFO", ["replication"])).includes("master_link_status:up");
  } finally {
    client.close();
  }
};
