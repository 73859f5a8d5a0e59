import { type FraudEvent, fraudEvents } from "@cartwright/contracts/fraud-events";
import { unreachable } from "@cartwright/decider/unreachable";
import type { StreamModel } from "@cartwright/event-log/command-handler";

/** What is known of a checkout; null as long as nothing is. */
export type Assessment = FraudEvent["data"] | null;

export const evolve = (_: Assessment, { type, data }: FraudEvent): Assessment => {
  switch (type) {
    case "CheckoutAssessed":
      return data;
    default:
      return unreachable(type);
  }
};

/** How the stream `assessment-<checkoutId>` is folded and written. */
export const assessmentModel: StreamModel<Assessment, FraudEvent> = {
  initial: null,
  evolve,
  encode: fraudEvents.encode,
  decode: fraudEvents.decode,
};
