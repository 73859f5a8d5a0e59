import { startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { traceCollector } from "../trace-collector.ts";
import { judge, type Verdict } from "./at-rest.ts";
import { type DistributedSystem, type ServiceName, startDistributed } from "./distributed-system.ts";
import { type Shoppers, startShoppers } from "./shoppers.ts";

const atRest: Verdict = { unfinished: [], twice: [], behind: [] };

const settled = async ({ db }: DistributedSystem, { acknowledged }: Shoppers) => {
  let last = atRest;
  const isAtRest = async () => {
    last = await judge(db.sql, acknowledged);
    return last.unfinished.length + last.twice.length + last.behind.length === 0;
  };
  await until(isAtRest, { timeoutMs: 120_000, what: "rest" }).catch(() => {});
  return last;
};

test.skipIf(lacks("own kafka"))(
  "five processes on Kafka carry checkouts on while each of them is killed in turn, Kafka is restarted, and Kafka loses all it has",
  async () => {
    await using kafka = await startKafka();
    await using collector = traceCollector();
    await using system = await startDistributed({
      environment: {
        KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers.join(","),
        KAFKA_GROUP_ID: "shopping-cart-group",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      },
    });
    await using shoppers = startShoppers({ origin: system.url("cart"), count: 4 });
    await shoppers.more(10);

    for (const service of ["billing", "fraud", "notification", "projector", "cart"] satisfies ServiceName[]) {
      shoppers.want(5);
      await system.kill(service);
      shoppers.want(5);
      await system.start(service);
      await shoppers.more(1);
    }
    const [broker] = kafka.brokers;
    await broker?.kill();
    await shoppers.more(5);
    await broker?.start();
    await shoppers.more(5);
    await kafka.wipe();
    await shoppers.more(10);

    await shoppers.stop();
    expect(await settled(system, shoppers)).toEqual(atRest);
  },
  600_000,
);
