import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type { HealthCheck } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { paymentConditions } from "../payments/payment.ts";
import type { Books } from "./books.ts";

export type ConditionGaugesOptions = {
  readonly books: Pick<Books, "conditions">;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly everyMs?: number;
};

/** Counts again and again, until it is stopped, the payments that somebody may have to look at. */
export const conditionGauges = ({ books, metrics, logger, clock = systemClock, everyMs = 5_000 }: ConditionGaugesOptions) => {
  const gauge = metrics.gauge({
    name: "payments_in_condition",
    help: "Payments that somebody may have to look at, as payment.list finds them",
    labels: ["condition"],
  });
  let stopped = false;
  let cancel = () => {};
  const count = async () => {
    try {
      const counts = await books.conditions();
      for (const condition of paymentConditions) gauge.set({ condition }, counts[condition]);
    } catch (err) {
      logger.warn({ err }, "the conditions of payments can't be counted");
    }
    if (!stopped) cancel = clock.after(everyMs, again);
  };
  const again = () => {
    counting = count();
  };
  let counting = count();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await counting;
    },
  };
};

/** Says which payments wait for somebody, to operators. The service is as ready as ever. */
export const conditionsCheck = (books: Pick<Books, "conditions">): HealthCheck => ({
  kind: "ready",
  async check() {
    const counts = await books.conditions();
    const waiting = paymentConditions.flatMap((condition) => (counts[condition] > 0 ? `${counts[condition]} ${condition}` : []));
    return { ok: true, ...(waiting.length > 0 && { detail: waiting.join(", ") }) };
  },
});
