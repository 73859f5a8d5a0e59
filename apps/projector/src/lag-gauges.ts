import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import type { Projection } from "./projection.ts";
import { projectionLag } from "./projection-lag.ts";

export type LagGaugesOptions = {
  /** Asked each time. */
  readonly projections: () => readonly Projection[];
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly everyMs?: number;
};

/** Measures the lag of every projection again and again, until it is stopped. */
export const lagGauges = ({ projections, metrics, logger, clock = systemClock, everyMs = 5_000 }: LagGaugesOptions) => {
  const labels = ["projection", "shard"] as const;
  const events = metrics.gauge({ name: "projection_lag_events", help: "Events that a projection does not show yet", labels });
  const seconds = metrics.gauge({
    name: "projection_lag_seconds",
    help: "For how long the oldest event that a projection does not show has been in the log",
    labels,
  });
  const measure = async (projection: Projection) => {
    try {
      const { shards } = await projectionLag(projection, clock.now());
      for (const lag of shards) {
        const of = { projection: projection.name, shard: String(lag.shard) };
        events.set(of, lag.events);
        seconds.set(of, lag.seconds);
      }
    } catch (err) {
      logger.warn({ err, projection: projection.name }, "the lag of a projection can't be measured");
    }
  };

  let stopped = false;
  let cancel = () => {};
  const measureAll = async () => {
    await Promise.all(projections().map(measure));
    if (!stopped) cancel = clock.after(everyMs, again);
  };
  const again = () => {
    measuring = measureAll();
  };
  let measuring = measureAll();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await measuring;
    },
  };
};
