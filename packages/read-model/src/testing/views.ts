import type { CartView } from "@cartwright/contracts/cart-view";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";

/** whose the carts are. */
export const subject = SubjectId.parse("user-123");
export const aCartId = () => CartId.parse(crypto.randomUUID());

/** an empty cart, but for `parts`. */
export const aView = (parts: Partial<CartView> = {}): CartView => ({
  cartId: aCartId(),
  version: 1,
  status: "Open",
  owner: subject,
  ownerKind: "user",
  currency: "EUR",
  items: [],
  totals: { itemCount: 0, lineCount: 0, total: { amountMinor: 0, currency: "EUR" } },
  canUndo: false,
  mergedInto: null,
  checkout: null,
  coupons: [],
  hasContact: false,
  order: null,
  openedAt: Instant.parse("2026-01-31T09:30:00.000Z"),
  updatedAt: Instant.parse("2026-01-31T09:30:00.000Z"),
  ...parts,
});
