import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CartId, CheckoutId, PaymentId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Payment } from "./payment.ts";

export type PresentPaymentMethod = {
  paymentId: PaymentId;
  checkoutId: CheckoutId;
  cartId: CartId;
  owner: SubjectId;
  ownerKind: OwnerKind;
  amount: Money;
  paymentToken: PaymentToken;
  now: Instant;
};

/** Begins the payment of a checkout, once. */
export const presentPaymentMethod = ({ now, ...facts }: PresentPaymentMethod, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "Absent" ? accept({ type: "PaymentMethodPresented", data: { ...facts, presentedAt: now } }) : accept();
