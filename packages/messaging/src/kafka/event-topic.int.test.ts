import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedKafka } from "@cartwright/testkit/shared-kafka";
import { ConfigResourceTypes } from "kafkajs";
import { expect, test } from "vitest";
import { ensureTopic, topicOf } from "./event-topic.ts";
import { kafkaClient } from "./kafka-client.ts";
import { withAdmin } from "./with-admin.ts";

test.skipIf(lacks("kafka"))(
  "a topic has the partitions and the settings that the documents name, unless others are asked for",
  async () => {
    const { bootstrapServers } = await sharedKafka();
    const kafka = kafkaClient({ brokers: bootstrapServers, clientId: "topic-tests" });
    const [usual, other] = [topicOf(inMemoryEventLog({ name: "cart" })), topicOf(inMemoryEventLog({ name: "cart" }))];
    await withAdmin(kafka, async (admin) => {
      expect(await ensureTopic(admin, usual)).toBe(4);
      expect(await ensureTopic(admin, other, { partitions: 7, retentionMs: 3_600_000 })).toBe(7);
      // One that exists is taken as it is.
      expect(await ensureTopic(admin, other)).toBe(7);
      const configNames = ["cleanup.policy", "min.insync.replicas", "retention.ms"];
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [usual, other].map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configNames })),
      });
      const settings = resources.map(({ configEntries }) =>
        Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
      );
      expect(settings).toEqual([
        { "cleanup.policy": "delete", "min.insync.replicas": "1", "retention.ms": "604800000" },
        { "cleanup.policy": "delete", "min.insync.replicas": "1", "retention.ms": "3600000" },
      ]);
    });
  },
  60_000,
);
