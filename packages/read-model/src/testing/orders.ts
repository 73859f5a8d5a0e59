import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import { aCartId, subject } from "./views.ts";

export type Ordering = { cartId?: CartId; owner?: SubjectId; openedAt?: Instant; placedAt?: Instant };

const morning = Instant.parse("2026-01-31T09:30:00.000Z");

/** For tests: all that happens until a cart of two laptops is an order. */
export const orderEvents = ({ cartId = aCartId(), owner = subject, openedAt = morning, placedAt = morning }: Ordering = {}) => {
  const unitPrice = { amountMinor: 1_000, currency: "EUR" } as const;
  const total = { amountMinor: 2_000, currency: "EUR" } as const;
  const line = { productId: ProductId.parse("laptop"), quantity: 2, unitPrice };
  const quote = plainQuote([line], total);
  const checkoutId = checkoutIdOf(cartId, 1);
  const ids = { cartId, checkoutId, paymentId: paymentIdOf(checkoutId) };
  const whose = { owner, ownerKind: "user" } as const;
  const nobodySaid = { contact: null, shipTo: null };
  const paymentToken = PaymentToken.parse("pm_card_visa");
  const asked = { amount: total, quote, quoteHash: null, stock: [], couponUses: [], paymentToken, clientAddress: null, deviceId: null };
  const product = { name: "A laptop", category: null, image: null };
  const events: readonly CartEvent[] = [
    { type: "CartOpened", data: { cartId, ...whose, currency: "EUR", openedAt } },
    { type: "ItemAddedToCart", data: { cartId, ...line, product, addedAt: openedAt } },
    {
      type: "CheckoutStarted",
      data: { cartId, checkoutId, attempt: 1, ...whose, ...asked, ...nobodySaid, deadline: placedAt, startedAt: openedAt },
    },
    { type: "CheckoutApproved", data: { ...ids, amount: total, paymentToken, approvedAt: openedAt } },
    {
      type: "OrderPlaced",
      data: { ...ids, orderId: orderIdOf(checkoutId), ...whose, lines: [line], totals: quote.totals, ...nobodySaid, placedAt },
    },
  ];
  return events;
};
