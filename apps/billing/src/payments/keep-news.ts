import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { KeptNews } from "@cartwright/contracts/payment-shapes";
import { type ExistingPayment, idsOf } from "./payment.ts";
import { checkOf } from "./request-check.ts";
import type { Heard } from "./told.ts";

/**
 * What is told of money that, by our account, was not taken yet: it is kept until the capture is known, and the provider is asked for that
 * at once. The provider would not tell it again, and who asks it hears of the capture alone.
 */
export const keepNews = (news: KeptNews, payment: ExistingPayment, { told, now }: Heard): readonly BillingEvent[] =>
  told ? [{ type: "PaymentProviderNewsKept", data: { ...idsOf(payment), ...told, news, keptAt: now } }, ...checkOf(payment, now)] : [];
