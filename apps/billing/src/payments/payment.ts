import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CartId, CheckoutId, OrderId, PaymentId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { CardFacts, PaymentToken } from "@cartwright/contracts/payment-shapes";
import { unreachable } from "@cartwright/decider/unreachable";

/** What a payment's events mean. */
export type Payment = { readonly status: "Absent" } | ExistingPayment;

export type ExistingPayment = {
  readonly status: PaymentStatus;
  readonly paymentId: PaymentId;
  readonly checkoutId: CheckoutId;
  readonly cartId: CartId;
  readonly owner: SubjectId;
  readonly ownerKind: OwnerKind;
  readonly amount: Money;
  readonly paymentToken: PaymentToken;
  readonly card: CardFacts | null;
  /** The provider's name for it, once it is authorized. */
  readonly providerReference: string | null;
  readonly orderId: OrderId | null;
  /** The provider's word for why it came to nothing. */
  readonly code: string | null;
  /** Its checkout has failed. */
  readonly isWithdrawn: boolean;
  readonly updatedAt: Instant;
};

/** `Refused`, `Declined`, `Withdrawn`, `Captured` and `Voided` are for ever; the `…Requested` wait for the provider. */
export type PaymentStatus =
  | "Presented"
  | "Inspected"
  | "Refused"
  | "Withdrawn"
  | "Requested"
  | "Declined"
  | "Authorized"
  | "CaptureRequested"
  | "Captured"
  | "VoidRequested"
  | "Voided";

export const absentPayment: Payment = { status: "Absent" };

export const evolve = (payment: Payment, event: BillingEvent): Payment => {
  if (event.type === "PaymentMethodPresented") return presented(event.data);
  if (payment.status === "Absent") throw new Error(`${event.type} happened to a payment that nobody began`);
  return changed(payment, event);
};

type EventNamed<Type extends BillingEvent["type"]> = Extract<BillingEvent, { type: Type }>;

const presented = ({ presentedAt, ...facts }: EventNamed<"PaymentMethodPresented">["data"]): ExistingPayment => ({
  ...facts,
  status: "Presented",
  card: null,
  providerReference: null,
  orderId: null,
  code: null,
  isWithdrawn: false,
  updatedAt: presentedAt,
});

const changed = (
  payment: ExistingPayment,
  { type, data }: Exclude<BillingEvent, EventNamed<"PaymentMethodPresented">>,
): ExistingPayment => {
  switch (type) {
    case "PaymentMethodInspected":
      return { ...payment, status: "Inspected", card: data.card, updatedAt: data.inspectedAt };
    case "PaymentMethodRefused":
      return { ...payment, status: "Refused", code: data.code, updatedAt: data.refusedAt };
    case "PaymentRequested":
      return { ...payment, status: "Requested", updatedAt: data.requestedAt };
    case "PaymentAuthorized":
      return { ...payment, status: "Authorized", providerReference: data.providerReference, updatedAt: data.authorizedAt };
    case "PaymentDeclined":
      return { ...payment, status: "Declined", code: data.code, updatedAt: data.declinedAt };
    case "PaymentCaptureRequested":
      return { ...payment, status: "CaptureRequested", orderId: data.orderId, updatedAt: data.requestedAt };
    case "PaymentCaptured":
      return { ...payment, status: "Captured", updatedAt: data.capturedAt };
    case "PaymentWithdrawn":
      return { ...payment, status: hasAsked(payment) ? payment.status : "Withdrawn", isWithdrawn: true, updatedAt: data.withdrawnAt };
    case "PaymentVoidRequested":
      return { ...payment, status: "VoidRequested", updatedAt: data.requestedAt };
    case "PaymentVoided":
      return { ...payment, status: "Voided", updatedAt: data.voidedAt };
    default:
      return unreachable(type);
  }
};

/** Whether the provider may hold money of it, or will. */
const hasAsked = ({ status }: ExistingPayment) => status !== "Presented" && status !== "Inspected";

/** What each event of a payment says of whose it is. */
export const idsOf = ({ paymentId, checkoutId, cartId }: ExistingPayment) => ({ paymentId, checkoutId, cartId });
