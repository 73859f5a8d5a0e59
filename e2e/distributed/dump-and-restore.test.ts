import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";
import { lacks } from "@cartwright/testkit/lacks";
import { startPackagedPostgres } from "@cartwright/testkit/packaged-postgres";
import { sharedKafka } from "@cartwright/testkit/shared-kafka";
import { until } from "@cartwright/testkit/until";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { atRest, judge } from "./at-rest.ts";
import { startDistributed } from "./distributed-system.ts";
import { ops } from "./ops.ts";
import { startShoppers } from "./shoppers.ts";

const minutes = 60_000;

test.skipIf(lacks("kafka", "pg_dump"))(
  "a shop that grew in one process is served by five on Kafka after dump and restore, and they end what it had begun",
  async () => {
    await using source = await startPackagedPostgres();
    await using target = await startPackagedPostgres();
    const grown = await openEmbedded({ postgres: connectionOf(source.url), environment: { DEFAULT_CURRENCY: "EUR" } });
    const before = startShoppers({ origin: grown.cartUrl, count: 4 });
    await before.more(12);
    await before.stop();
    // Without waiting for anybody: some of it is in the middle of something.
    await grown[Symbol.asyncDispose]();
    await target.restore(await source.dump(dumped), restored);

    const { bootstrapServers } = await sharedKafka();
    const environment = { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(","), KAFKA_GROUP_ID: `moved-${crypto.randomUUID()}` };
    await using system = await startDistributed({ postgres: target, environment });
    await using shoppers = startShoppers({ origin: system.url("cart"), count: 2 });
    await shoppers.more(2);
    const acknowledged = [...before.acknowledged, ...shoppers.acknowledged];
    const [charged] = await system.sql`select count(*)::integer as count from billing.simulated_intent`;
    expect(charged?.count).toBeLessThan(acknowledged.length);
    for (const service of ["billing", "notification"])
      expect(await ops(["effects", "release", service, "it has moved"], system.environment)).toContain(`${service}: released`);
    let last = atRest;
    const isAtRest = async () => {
      last = await judge(system.sql, acknowledged);
      return Object.values(last).every((wrong) => wrong.length === 0);
    };
    await until(isAtRest, { timeoutMs: minutes, what: "rest" }).catch(() => {});
    expect(last).toEqual(atRest);
  },
  4 * minutes,
);

/** As the README has it. */
const dumped: readonly string[] = [];
const restored = ["--no-owner", "--no-privileges", "--exit-on-error"];

const connectionOf = (url: string): postgres.Options<Record<string, never>> => {
  const { hostname, port, username, pathname } = new URL(url);
  return { host: hostname, port: Number(port), user: username, database: pathname.slice(1), onnotice: () => {} };
};
