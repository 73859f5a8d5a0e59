import { kafkaClient } from "@cartwright/messaging/kafka/kafka-client";
import { withAdmin } from "@cartwright/messaging/kafka/with-admin";
import type { DistributedSystem } from "./distributed-system.ts";
import type { ServiceName } from "./running-service.ts";
import { type Sample, sumOf } from "./samples.ts";

const services = ["cart", "billing", "fraud", "notification", "projector"] as const satisfies readonly ServiceName[];

/** What the services have counted of what they consumed. */
export type Consumption = {
  /** Messages of Kafka that were taken for news, by `<service>.<group> of <log>`. */
  readonly taken: ReadonlyMap<string, number>;
  /** Messages of Kafka that were no news. */
  readonly dropped: number;
  /** Events that had to be read from their owner's log, since Kafka did not bring them. */
  readonly healed: number;
  /** The groups that are behind, those of the relays too. */
  readonly behind: readonly string[];
};

export const consumptionOf = async (system: DistributedSystem): Promise<Consumption> => {
  const all = await Promise.all(
    services.map(async (service) => (await system.process(service).metrics()).map((sample) => ({ ...sample, service }))),
  );
  const samples = all.flat();
  const nameOf = ({ service, labels }: Sample & { service: string }) => `${service}.${labels.group} of ${labels.log}`;
  const taken = samples.filter(({ name, labels }) => name === "kafka_source_messages_total" && labels.outcome === "taken");
  return {
    taken: new Map(taken.map((sample) => [nameOf(sample), sample.value])),
    dropped: sumOf(samples, "kafka_source_messages_total", { outcome: "dropped" }),
    healed: sumOf(samples, "consumer_healed_total"),
    behind: [...new Set(samples.filter(({ name, value }) => name === "consumer_lag" && value > 0).map(nameOf))],
  };
};

/** Whether each of these groups got news by Kafka meanwhile, and none of them had to look into a log. */
export const cameByKafka = (groups: readonly string[], { before, after }: { before: Consumption; after: Consumption }): boolean =>
  after.healed === before.healed && groups.every((group) => (after.taken.get(group) ?? 0) > (before.taken.get(group) ?? 0));

/** The groups at the brokers whose names begin so, as `<service>.<group> of <log>`. */
export const groupsAt = async (brokers: readonly string[], prefix: string): Promise<readonly string[]> => {
  const { groups } = await withAdmin(kafkaClient({ brokers, clientId: "groups" }), (admin) => admin.listGroups());
  return groups.flatMap(({ groupId }) => {
    const [, name, log] = groupId.match(/^(.*)\.(\w+)\.events\.\w+$/) ?? [];
    return name?.startsWith(`${prefix}.`) ? [`${name.slice(prefix.length + 1)} of ${log}`] : [];
  });
};
