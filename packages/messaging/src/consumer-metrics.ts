import type { GroupOnLog } from "./mark.ts";
import type { Metrics } from "./observability.ts";

/** What a consumer counts. One value of each a group, log and shard; of the shards that are held, one a group and log. */
export const consumerMetrics = (metrics: Metrics) => {
  const labels = ["group", "log", "shard"] as const;
  const counter = (name: string, help: string) => metrics.counter({ name: `consumer_${name}_total`, help, labels });
  const gauge = (name: string, help: string) => metrics.gauge({ name: `consumer_${name}`, help, labels });
  return {
    handled: counter("handled", "Events whose effect is there"),
    skipped: counter("skipped", "Events that do not concern the group"),
    unknown: counter("unknown", "Skipped events whose type has no handler"),
    duplicates: counter("duplicates", "Deliveries at or below the mark, dropped"),
    gaps: counter("gaps", "Times that the source left events out"),
    healed: counter("healed", "Events read from the owner's log since the source left events out"),
    parked: counter("parked", "Events put into the queue of a parked stream"),
    faults: counter("faults", "Failed attempts at an event"),
    pauses: counter("pauses", "Pauses since a dependency was away"),
    fenced: counter("fenced", "Times that another process had moved the mark"),
    held: metrics.gauge({
      name: "consumer_shards_held",
      help: "Shards that this process holds; over all processes as many as the log has",
      labels: ["group", "log"],
    }),
    lag: gauge("lag", "Events between the mark and the head"),
    stopped: gauge("stopped", "1 while the shard stands still until somebody acts"),
    parkedStreams: gauge("parked_streams", "Streams that wait for an operator"),
  };
};

export type ConsumerMetrics = ReturnType<typeof consumerMetrics>;

export const labelsOf = ({ group, log }: GroupOnLog, shard: number) => ({ group, log, shard: String(shard) });
