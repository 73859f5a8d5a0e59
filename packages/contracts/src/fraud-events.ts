// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind } from "./cart-shapes.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, CheckoutId, PaymentId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { CardFacts } from "./payment-shapes.ts";

/** `review` waits for a person, until the checkout's deadline. */
export const FraudDecision = z.enum(["approved", "review", "blocked"]);
export type FraudDecision = z.infer<typeof FraudDecision>;

/** A rule that spoke, and what it weighed. */
export const FraudReason = z.strictObject({ rule: z.string().regex(/^[a-z0-9-]{1,100}$/), weight: z.int().min(0).max(100) });
export type FraudReason = z.infer<typeof FraudReason>;

/** What the rules looked at: with the version of the rules the same assessment comes out again. */
export const FraudInputs = z.strictObject({ owner: SubjectId, ownerKind: OwnerKind, amount: Money, card: CardFacts });
export type FraudInputs = z.infer<typeof FraudInputs>;

const CheckoutAssessed = z.strictObject({
  checkoutId: CheckoutId,
  cartId: CartId,
  paymentId: PaymentId,
  decision: FraudDecision,
  /** 0 is harmless, 100 is not. */
  score: z.int().min(0).max(100),
  reasons: z.array(FraudReason).readonly(),
  ruleSetVersion: z.string().min(1).max(100),
  inputs: FraudInputs,
  assessedAt: Instant,
});

const types = { CheckoutAssessed: firstVersion(CheckoutAssessed) };

/** What is found out about a checkout, on the stream `assessment-<checkoutId>`. */
export type FraudEvent = EventOf<typeof types>;

export const fraudEvents = eventSchema(types);

export const assessmentStreamId = (checkoutId: CheckoutId): string => `assessment-${checkoutId}`;
