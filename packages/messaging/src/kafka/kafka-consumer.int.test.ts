import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedKafka } from "@cartwright/testkit/shared-kafka";
import { testDatabase } from "@cartwright/testkit/test-database";
import { beforeAll, describe } from "vitest";
import type { ConsumerUnderTest, Seen } from "../conformance/bench-conformance.ts";
import { consumerConformance } from "../consumer-conformance.ts";
import { postgresProgress } from "../postgres/postgres-progress.ts";
import { type TableTools, tableSink } from "../table-sink.ts";
import { serviceDatabase } from "../testing/service-database.ts";
import { kafkaClient } from "./kafka-client.ts";
import { kafkaSource } from "./kafka-source.ts";
import { relay } from "./relay.ts";

const schema = "fraud";

const open = async (): Promise<ConsumerUnderTest<TableTools, void>> => {
  const { bootstrapServers } = await sharedKafka();
  const { db, sql, [Symbol.asyncDispose]: dispose } = await serviceDatabase(schema, testDatabase);
  const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  const kafka = kafkaClient({ brokers: bootstrapServers, clientId: "conformance" });
  const publishing = relay({ log, kafka, progress: postgresProgress({ sql, schema }) });
  await publishing.start();
  const limits = { heartbeatMs: 100, maxWaitMs: 20, sessionMs: 6_000 };
  return {
    log,
    // A group of its own at the brokers: it is given all partitions, whoever else has them.
    source: () => kafkaSource({ kafka, log, groupPrefix: crypto.randomUUID(), limits }),
    sharedSource: () => kafkaSource({ kafka, log, groupPrefix: "shared", limits }),
    sink: () => tableSink({ sql, schema }),
    async apply({ streamId, version }, { tx }) {
      await tx`insert into ${tx(schema)}.effect (stream_id, version) values (${streamId}, ${version})`;
    },
    seen: () => sql<Seen[]>`select stream_id as "streamId", version from ${sql(schema)}.effect order by n`,
    async [Symbol.asyncDispose]() {
      await publishing.stop();
      await log.close();
      await dispose();
    },
  };
};

describe.skipIf(lacks("kafka"))("on a real Kafka", () => {
  // Servers that start on a busy machine take longer than a test may.
  beforeAll(async () => {
    await sharedKafka();
    await using _ = await testDatabase();
  }, 120_000);

  consumerConformance("a Kafka topic to tables", open);
});
