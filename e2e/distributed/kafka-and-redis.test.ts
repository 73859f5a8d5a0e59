import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { OrderId, SubjectId } from "@cartwright/contracts/ids";
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
import { type Finding, findInTables, findInTexts } from "../find-markers.ts";
import { account, knownPerson } from "../known-person.ts";
import { type TraceCollector, traceCollector } from "../trace-collector.ts";
import { type DistributedSystem, startDistributed } from "./distributed-system.ts";
import { ops } from "./ops.ts";
import { redisTexts } from "./redis-texts.ts";
import type { ServiceName } from "./running-service.ts";

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
    ...findInTexts("metrics", await metrics(), markers),
  ];
  const metrics = () => Promise.all(services.map(async (name) => JSON.stringify(await system.process(name).metrics())));
  const outputs = () => services.map((name) => system.process(name).output());

  test(
    "show carts by a projector whose database is nobody else's",
    async () => {
      await system.sql`create database projector_alone`;
      const { POSTGRES_CONNECTION_STRING: url = "" } = system.environment;
      await system.kill("projector");
      await system.start("projector", { POSTGRES_CONNECTION_STRING: new URL("/projector_alone", url).href });
      const { token }: { token: string } = await (await fetch(`${system.url("cart")}/api/auth/guest`, { method: "POST" })).json();
      const shopper = createCartwrightClient({ url: system.url("cart"), token });
      using _ = { [Symbol.dispose]: shopper.close };
      const cartId = newCartId();
      for (let piece = 0; piece < 3; piece++)
        await shopper.cart.addItem.mutate({ cartId, productId: productIdOf("prod-456"), quantity: 1 });
      const isShown = async () => (await redisTexts(redis.url)).some((text) => text.includes(`view:${cartId}`));
      await until(isShown, { timeoutMs: minutes, what: "the view of the cart" });
      await system.kill("projector");
      await system.start("projector");
    },
    2 * minutes,
  );

  test(
    "answer the typed client, seal what they know of a shopper wherever they keep it, forget it, and make the views again without it",
    async () => {
      using person = await knownPerson({ url: system.url("cart"), shippingMethod: "express" });
      const { client, cartId, checkoutId, known, never, contact } = person;
      const scopes = ["privacy:manage", "cart:support", "notification:read"].flatMap((scope) => ["--scope", scope]);
      const operator = createCartwrightClient({ url: system.url("cart"), token: (await ops(scopes, system.environment, "token")).trim() });
      using _ = { [Symbol.dispose]: operator.close };
      const mailed = async () =>
        (await operator.notification.mailbox.list.query({ recipient: ada })).mails.map(({ email, subject }) => ({ email, subject }));
      await until(async () => (await mailed()).length > 0, { timeoutMs: minutes, what: "the mail" });
      expect(await mailed()).toEqual([{ email: contact.email, subject: `Đơn hàng ${checkoutId} của bạn` }]);

      for (const texts of [await topicTexts(kafka), await redisTexts(redis.url)]) expect(texts.join()).toContain(cartId);
      expect(outputs().join()).toContain('"level":"debug"');
      expect((await metrics()).join()).toContain("trpc_call");
      expect(await everywhere([...known, ...never])).toEqual([]);
      const exported = JSON.stringify(await client.privacy.export.query());
      for (const marker of [...known, '"last4":"4242"']) expect(exported).toContain(marker);

      const reason = "it was asked for by letter";
      const orderId = OrderId.parse(checkoutId);
      const shown = async () => [await operator.cart.view.query({ cartId, reason }), await operator.order.get.query({ orderId, reason })];
      const before = await shown();
      await client.privacy.forget.mutate();
      expect(await ops(["rebuild", "cart-view"], system.environment)).toContain("version 2");
      expect(await shown()).toEqual(before);
      expect(await ops(["rebuild", "figures", "check"], system.environment)).toContain("version 1 of the figures in Redis is shown");
      const afterwards = JSON.stringify(await operator.privacy.export.query({ userId: ada, reason }));
      expect(findInTexts("the export", [afterwards], known)).toEqual([]);
      await until(async () => (await mailed())[0]?.email === null, { timeoutMs: minutes, what: "the mail without its address" });
      // Spans of what was done last come last.
      const isTraced = () => collector.spans().some(({ name }) => name === "privacy.forget");
      await until(isTraced, { timeoutMs: minutes, what: "the span of the forgetting" });
      expect(await everywhere([...known, ...never])).toEqual([]);
    },
    3 * minutes,
  );
});

const ada = SubjectId.parse(account.subject);

/** Every message that is on a topic, with what its headers say. */
const topicTexts = async ({ bootstrapServers }: KafkaCluster): Promise<readonly string[]> => {
  const client = new Kafka({ brokers: [...bootstrapServers], logLevel: logLevel.NOTHING });
  const topics = await withAdmin(client, (admin) => admin.listTopics());
  const read = await Promise.all(topics.filter((topic) => !topic.startsWith("__")).map((topic) => readTopic(client, topic)));
  const asText = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return read.flatMap((topic) => [...topic.values()].flat().map((event) => JSON.stringify(event, asText)));
};
