import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { DiscrepancyCode } from "@cartwright/contracts/payment-shapes";
import { type ExistingPayment, idsOf } from "./payment.ts";

/** The provider's own account of something, which it sends unasked, and sometimes late. */
export type Told = { readonly providerEventId: string; readonly providerEventType: string; readonly occurredAt: Instant };

/** By whom it is known: told unasked, asked for as it is now, or, with neither, the answer to a call, which may be an older one again. */
export type Heard = { readonly now: Instant; readonly told?: Told | undefined; readonly isChecked?: boolean | undefined };

/** What follows from it; or it does not follow from where the payment is. */
export type News = readonly BillingEvent[] | Contradiction;

/** `late` is what was true before and is no more. */
export type Contradiction = { readonly contradicts: DiscrepancyCode | "late"; readonly claimed: Money | null };

export const contradiction = (contradicts: Contradiction["contradicts"], claimed: Money | null = null): Contradiction => ({
  contradicts,
  claimed,
});

/** What is recorded of the news. What contradicts changes nothing: it is set aside, or somebody has to look where it is about money. */
export const recorded = (news: News, payment: ExistingPayment, heard: Heard): readonly BillingEvent[] => {
  if (!("contradicts" in news)) return news;
  const { now, told, isChecked = false } = heard;
  const { contradicts: code, claimed } = news;
  const isTrue = code !== "late" && (code !== "other_state" || isChecked);
  if (isTrue && !isKnown(payment, { code, claimed })) return [discrepancy(payment, { code, claimed }, heard)];
  return told ? [{ type: "PaymentProviderEventSetAside", data: { ...idsOf(payment), ...told, setAsideAt: now } }] : [];
};

type Found = { readonly code: DiscrepancyCode; readonly claimed: Money | null };

export const discrepancy = (payment: ExistingPayment, { code, claimed }: Found, { now, told }: Heard): BillingEvent => ({
  type: "PaymentDiscrepancyFound",
  data: {
    ...idsOf(payment),
    ...{ code, claimed, recorded: payment.captured },
    providerEventId: told?.providerEventId ?? null,
    foundAt: now,
  },
});

/** It is told once, also where somebody has looked since. */
const isKnown = ({ discrepancies }: ExistingPayment, { code, claimed }: Found) =>
  discrepancies.some((known) => known.code === code && known.claimed?.amountMinor === claimed?.amountMinor);
