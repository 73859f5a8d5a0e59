import * as z from "zod";
import type { CartEvent } from "./cart-events.ts";
import { CartStatus, OwnerKind, Pieces, ProductSnapshot } from "./cart-shapes.ts";
import { CheckoutState, SealedContact } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import type { Actor } from "./event-metadata.ts";
import { CartId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { OrderState } from "./order-view.ts";
import { CouponCode } from "./pricing-shapes.ts";

/**
 * What `cart.live { cartId, lastEventId?, reason? }` yields, each message tracked by the cart's version.
 *
 * Without `lastEventId` the first message is a snapshot, at once; then every change follows, one a version, without gap or repeat.
 * With it, only the changes that were missed and those to come; a snapshot all the same where the cart never had that version, as after
 * a restore. Whoever gets a snapshot forgets what they had.
 *
 * A cart that is not there yet is a snapshot of version 0 that holds null. So is one of somebody else, and stays so.
 *
 * The stream never completes by itself, also not for a cart that never changes again; one that ends without an error is to be resumed.
 * It fails with `UNAUTHORIZED` (refusal `Unauthenticated`) as soon as the token has expired or was revoked: get a new one and resume.
 * A service that goes down asks WebSockets to reconnect and cuts SSE off; a subscriber that does not read is cut off as well.
 */
export type LiveCartMessage = CartIs | CartChanged;

export type CartIs = {
  readonly kind: "snapshot";
  /** The number of events in the cart's stream. */
  readonly version: number;
  readonly snapshot: CartSnapshot | null;
};

export type CartChanged = {
  readonly kind: "change";
  /** Of the cart once this had happened. */
  readonly version: number;
  /** In the cart's shard of the log. */
  readonly position: bigint;
  readonly event: CartEvent;
  /** Of the event's type, as the service writes it. Who can't decode it asks for a snapshot instead. */
  readonly schemaVersion: number;
  /** When it was recorded. */
  readonly at: Date;
  readonly actor: Actor;
  /** Of the request that did it: one who sent it knows its own changes again. */
  readonly correlationId: string;
};

const SnapshotLine = z.object({
  productId: ProductId,
  product: z.object(ProductSnapshot.shape),
  quantity: Pieces,
  unitPrice: Money,
  ordinal: z.int().nonnegative(),
});

/**
 * Everything that a cart's events have come to, as JSON: whoever holds it decides the next command as the service does.
 * Fields that a newer service adds are passed over.
 */
export const CartSnapshot = z.object({
  cartId: CartId,
  status: CartStatus,
  owner: SubjectId,
  ownerKind: OwnerKind,
  currency: Currency,
  /** In the order in which they are shown. */
  lines: z.array(SnapshotLine).readonly(),
  /** What an undo would bring back. */
  lastRemoval: z.array(SnapshotLine).readonly(),
  mergedInto: CartId.nullable(),
  /** The last one that was begun; a service of before there were any says nothing of it. */
  checkout: CheckoutState.nullable().default(null),
  coupons: z.array(CouponCode).readonly().default([]),
  contact: SealedContact.nullable().default(null),
  order: OrderState.nullable().default(null),
  /** Of the next product that is put in. */
  nextOrdinal: z.int().nonnegative(),
  openedAt: Instant,
  updatedAt: Instant,
});
export type CartSnapshot = z.infer<typeof CartSnapshot>;
