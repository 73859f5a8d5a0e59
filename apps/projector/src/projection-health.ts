import type { HealthCheck } from "@cartwright/service-kit/health";
import type { Projection } from "./projection.ts";

/** Shards in trouble are told of and are no reason to send nobody here: what is not projected is read from the log. */
export const projectionHealth = ({ consumer }: Pick<Projection, "consumer">): HealthCheck => ({
  kind: "ready",
  check() {
    const { running, shards } = consumer.status();
    if (!running) return { ok: false, detail: "it does not run" };
    const troubles = shards.flatMap((shard) => (shard.state === "flowing" ? [] : [`shard ${shard.shard} ${shard.state}: ${shard.reason}`]));
    const parked = shards.reduce((sum, { parkedStreams }) => sum + parkedStreams, 0);
    const detail = [`${shards.length} shards, ${parked} parked streams`, ...troubles].join("; ");
    return { ok: true, detail };
  },
});
