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

/** A log that has not been found yet is told of, and keeps nobody away: what the service is asked most is not counted from it. */
export const figuresHealth = (find: () => Pick<Projection, "consumer"> | null): HealthCheck => ({
  kind: "ready",
  check() {
    const projection = find();
    return projection ? projectionHealth(projection).check() : { ok: true, detail: "its log is waited for" };
  },
});
