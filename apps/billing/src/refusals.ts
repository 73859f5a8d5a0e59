import type { IdempotencyKey, PaymentId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import { refusalErrors } from "@cartwright/service-kit/refusal";
import type { PaymentStatus } from "./payments/payment.ts";

/** Every "no" of this service, beside those of a request that are the same everywhere. */
export type BillingRefusal =
  | { readonly code: "PaymentNotFound"; readonly paymentId: PaymentId }
  /** No order waits for it, or the provider does not hold it. */
  | { readonly code: "NotCapturable"; readonly paymentId: PaymentId; readonly status: PaymentStatus }
  | { readonly code: "CaptureTooLarge"; readonly paymentId: PaymentId; readonly authorized: Money }
  /** The provider holds nothing of it, or has taken it: what was taken is refunded. */
  | { readonly code: "NotVoidable"; readonly paymentId: PaymentId; readonly status: PaymentStatus }
  /** `refundable` was taken and is neither back nor on its way. */
  | { readonly code: "RefundTooLarge"; readonly paymentId: PaymentId; readonly refundable: Money }
  /** The books have not come so far in time. */
  | { readonly code: "PositionNotReached"; readonly paymentId: PaymentId; readonly atLeast: string }
  | { readonly code: "OtherCurrency"; readonly paymentId: PaymentId; readonly currency: Money["currency"] }
  | { readonly code: "IdempotencyKeyReused"; readonly key: IdempotencyKey };

/** The error to throw of a refusal. */
export const refusalError = refusalErrors<BillingRefusal>({
  PaymentNotFound: { trpc: "NOT_FOUND", title: "There is no such payment" },
  NotCapturable: { trpc: "PRECONDITION_FAILED", title: "The payment cannot be captured now" },
  CaptureTooLarge: { trpc: "BAD_REQUEST", title: "That is more than is authorized" },
  NotVoidable: { trpc: "PRECONDITION_FAILED", title: "The payment cannot be voided now" },
  RefundTooLarge: { trpc: "PRECONDITION_FAILED", title: "That is more than can be refunded" },
  PositionNotReached: { trpc: "NOT_FOUND", title: "The books have not reached this position" },
  OtherCurrency: { trpc: "BAD_REQUEST", title: "The payment is in another currency" },
  IdempotencyKeyReused: { trpc: "CONFLICT", title: "This idempotency key came with another request" },
});
