import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { readmeFault } from "@cartwright/infra/readme-answer";
import { parseReadmeBlocks, runReadmeBlocks } from "@cartwright/infra/readme-blocks";
import { withAdmin } from "@cartwright/messaging/kafka/with-admin";
import { readTopic } from "@cartwright/messaging/testing/read-topic";
import { type KafkaCluster, startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { startPostgres } from "@cartwright/testkit/postgres";
import { type RedisServer, startRedis } from "@cartwright/testkit/redis";
import { until } from "@cartwright/testkit/until";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary } from "../canary.ts";
import { type Finding, findInTables, findInTexts } from "../find-markers.ts";
import { type TraceCollector, traceCollector } from "../trace-collector.ts";
import { type DistributedSystem, type ServiceName, startDistributed } from "./distributed-system.ts";
import { ops } from "./ops.ts";
import { redisTexts } from "./redis-texts.ts";

const root = join(import.meta.dirname, "../..");
const minutes = 60_000;
const services = ["cart", "billing", "fraud", "notification", "projector"] as const satisfies readonly ServiceName[];

describe.skipIf(lacks("own kafka", "own redis"))("five processes on Kafka and Redis", () => {
  const held = new AsyncDisposableStack();
  let kafka: KafkaCluster;
  let redis: RedisServer;
  let collector: TraceCollector;
  let system: DistributedSystem;

  beforeAll(async () => {
    const [startedKafka, postgres, startedRedis] = await Promise.all([startKafka(), startPostgres(), startRedis()]);
    for (const server of [startedKafka, postgres, startedRedis]) held.use(server);
    [kafka, redis] = [startedKafka, startedRedis];
    collector = held.use(traceCollector());
    const environment = {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers.join(","),
      REDIS_CONNECTION_STRING: redis.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      LOG_LEVEL: "debug",
      TRUSTED_PROXIES: "1",
    };
    system = held.use(await startDistributed({ postgres, environment }));
    await ops(["shop", "import", "infra/catalogue/demonstration-shop.json"], system.environment);
  }, 4 * minutes);
  afterAll(() => held.disposeAsync(), minutes);

  test(
    "answer by curl as the README prints, from the first item to the paid order",
    async () => {
      const blocks = parseReadmeBlocks(readFileSync(join(root, "README.md"), "utf8"));
      const { host } = new URL(system.url("cart"));
      const runs = await runReadmeBlocks(blocks, { cwd: root, substitutions: { "localhost:5105": host }, env: system.environment });
      expect(runs.map(readmeFault).filter((fault) => fault !== undefined)).toEqual([]);
    },
    2 * minutes,
  );

  /** Where what is known of a person turns up in the clear: in tables, topics, Redis, the processes' output, spans and metrics. */
  const everywhere = async (markers: readonly string[]): Promise<readonly Finding[]> => [
    ...(await findInTables(system.sql, markers)),
    ...findInTexts("topics", await topicTexts(kafka), markers),
    ...findInTexts("Redis", await redisTexts(redis.url), markers),
    ...findInTexts("output", outputs(), markers),
    ...findInTexts("spans", collector.bodies(), markers),
  ];
  const outputs = () => services.map((name) => system.process(name).output());

  test(
    "answer the typed client, seal what they know of a shopper wherever they keep it, forget it, and make the views again without it",
    async () => {
      const person = canary();
      const response = await fetch(`${system.url("cart")}/api/auth/guest`, { method: "POST" });
      const { token }: { token: string } = await response.json();
      const fetchFrom = (url: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        headers.set("x-forwarded-for", person.clientAddress);
        return fetch(url, { ...init, headers });
      };
      const client = createCartwrightClient({ url: system.url("cart"), token, fetch: fetchFrom });
      using _ = { [Symbol.dispose]: client.close };
      const cartId = newCartId();
      const { version } = await client.cart.addItem.mutate({ cartId, productId: productIdOf("prod-456"), quantity: 1 });
      expect(await client.cart.view.query({ cartId, atLeastVersion: version })).toMatchObject({ totals: { itemCount: 1 } });
      const { contact, shipTo, deviceId } = person;
      const shippingMethodId = ShippingMethodId.parse("express");
      const { quoteHash } = await client.cart.quote.mutate({ cartId, country: shipTo.country, shippingMethodId });
      const paying = { cartId, quoteHash, paymentToken: PaymentToken.parse("pm_card_visa") };
      const { checkoutId } = await client.checkout.start.mutate({ ...paying, contact, shipTo, shippingMethodId, deviceId });
      const orders = async () => (await client.order.list.query()).items.map(({ status }) => status);
      await until(async () => (await orders())[0] === "paid", { timeoutMs: minutes, what: "a paid order in the list" });

      for (const texts of [await topicTexts(kafka), await redisTexts(redis.url)]) expect(texts.join()).toContain(cartId);
      expect(outputs().join()).toContain('"level":"debug"');
      expect(collector.bodies().length).toBeGreaterThan(0);
      expect(await everywhere(person.markers)).toEqual([]);
      const exported = JSON.stringify(await client.privacy.export.query());
      for (const marker of person.markers) expect(exported).toContain(marker);

      const shown = async () => [
        await client.cart.view.query({ cartId }),
        await client.checkout.status.query({ checkoutId }),
        await orders(),
      ];
      const before = await shown();
      await client.privacy.forget.mutate();
      expect(await ops(["rebuild", "cart-view"], system.environment)).toContain("version 2");
      expect(await shown()).toEqual(before);
      expect(findInTexts("the export", [JSON.stringify(await client.privacy.export.query())], person.markers)).toEqual([]);
      expect(await everywhere(person.markers)).toEqual([]);
    },
    3 * minutes,
  );
});

/** Every message that is on a topic, with what its headers say. */
const topicTexts = async ({ bootstrapServers }: KafkaCluster): Promise<readonly string[]> => {
  const client = new Kafka({ brokers: [...bootstrapServers], logLevel: logLevel.NOTHING });
  const topics = await withAdmin(client, (admin) => admin.listTopics());
  const read = await Promise.all(topics.filter((topic) => !topic.startsWith("__")).map((topic) => readTopic(client, topic)));
  const asText = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return read.flatMap((topic) => [...topic.values()].flat().map((event) => JSON.stringify(event, asText)));
};
