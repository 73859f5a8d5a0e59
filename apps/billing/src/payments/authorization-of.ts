import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { type ExistingPayment, idsOf } from "./payment.ts";

/** The provider holds the amount. `captureBefore` is null where it does not say how long. */
export const authorizationOf = (
  { providerReference, captureBefore }: { providerReference: string; captureBefore: Instant | null },
  payment: ExistingPayment,
  now: Instant,
): BillingEvent => ({
  type: "PaymentAuthorized",
  data: {
    ...idsOf(payment),
    amount: payment.amount,
    providerReference,
    authorizedAt: now,
    captureBefore: captureBefore ?? daysAfter(now, DAYS_HELD),
  },
});

/** What card schemes give at least where the provider says nothing. */
const DAYS_HELD = 7;

const daysAfter = (from: Instant, days: number): Instant => instantOf(new Date(Date.parse(from) + days * 86_400_000));
