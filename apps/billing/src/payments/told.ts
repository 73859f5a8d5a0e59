import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf } from "./payment.ts";

/** The provider's own account of something, which it sends unasked. */
export type Told = { readonly providerEventId: string; readonly providerEventType: string; readonly occurredAt: Instant };

/** What follows from it; or it does not follow from where the payment is. */
export type News = readonly BillingEvent[] | "contradiction";

/** It is kept, and changes nothing. */
export const contradiction = (told: Told, payment: ExistingPayment, now: Instant): Decision<BillingEvent, never> =>
  accept({ type: "PaymentProviderEventSetAside", data: { ...idsOf(payment), ...told, setAsideAt: now } });
