import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { PaymentId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { Money } from "@cartwright/contracts/money";
import { PaymentToken, ProviderReference, RefundId } from "@cartwright/contracts/payment-shapes";
import type { Intent } from "@cartwright/messaging/intents";
import * as z from "zod";

/** What each call of the provider is given. Calls that were asked for before attempts were counted are the first. */
export const callPayloads = {
  inspect: z.object({ paymentId: PaymentId, token: PaymentToken }),
  authorize: z.object({ paymentId: PaymentId, amount: Money, token: PaymentToken, requestedAt: Instant.optional() }),
  capture: z.object({
    paymentId: PaymentId,
    amount: Money,
    providerReference: ProviderReference,
    attempt: z.int().positive().default(1),
  }),
  void: z.object({ paymentId: PaymentId, providerReference: ProviderReference }),
  refund: z.object({ paymentId: PaymentId, refundId: RefundId, amount: Money, providerReference: ProviderReference }),
  check: z.object({ paymentId: PaymentId, providerReference: ProviderReference.nullable() }),
};

/** What an event of a payment asks the provider for. The key is made of the payment, the operation and its ordinal. */
export const providerCallOf = ({ type, data }: BillingEvent): Pick<Intent, "id" | "kind" | "payload"> | null => {
  const { paymentId } = data;
  const asked = (operation: keyof typeof callPayloads, ordinal: number | string, payload: Intent["payload"]) => ({
    id: `${paymentId}:${operation}:${ordinal}`,
    kind: operation,
    payload: { paymentId, ...payload },
  });
  switch (type) {
    case "PaymentMethodPresented":
      return asked("inspect", 1, { token: data.paymentToken });
    case "PaymentRequested":
      return asked("authorize", 1, { amount: data.amount, token: data.paymentToken, requestedAt: data.requestedAt });
    case "PaymentCaptureRequested": {
      const { amount, providerReference, attempt } = data;
      return asked("capture", attempt, { amount, providerReference, attempt });
    }
    case "PaymentVoidRequested":
      return asked("void", 1, { providerReference: data.providerReference });
    case "PaymentRefundRequested": {
      const { refundId, amount, providerReference } = data;
      return asked("refund", refundId.slice(refundId.lastIndexOf(".r") + 2), { refundId, amount, providerReference });
    }
    case "PaymentCheckRequested":
      return asked("check", data.check, { providerReference: data.providerReference });
    default:
      return null;
  }
};
