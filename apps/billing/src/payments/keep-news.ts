import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { KeptNews } from "@cartwright/contracts/payment-shapes";
import { type ExistingPayment, idsOf } from "./payment.ts";
import { checkOf } from "./request-check.ts";
import { type Contradiction, contradiction, type Heard, recorded } from "./told.ts";

/**
 * What is told of money that, by our account, was not taken yet: it is kept until the capture is known, and the provider is asked for that
 * at once. It would not tell it again. Where the provider itself says in one answer that it took nothing, somebody has to look.
 */
export const keepNews = (news: KeptNews, payment: ExistingPayment, heard: Heard): readonly BillingEvent[] => {
  const { told, isChecked = false, now } = heard;
  if (told) return [{ type: "PaymentProviderNewsKept", data: { ...idsOf(payment), ...told, news, keptAt: now } }, ...checkOf(payment, now)];
  return isChecked ? recorded(contradictionOf(news), payment, heard) : [];
};

const contradictionOf = (news: KeptNews): Contradiction => {
  if (news.about === "dispute") return contradiction("other_state", news.dispute.amount);
  return news.refund.outcome === "refunded" ? contradiction("refunded_other_amount", news.refund.amount) : contradiction("late");
};
