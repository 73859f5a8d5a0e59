import { CartStatus } from "@cartwright/contracts/cart-shapes";
import { CartView } from "@cartwright/contracts/cart-view";
import { CheckoutView } from "@cartwright/contracts/checkout-shapes";
import { Currency } from "@cartwright/contracts/currency";
import { Actor } from "@cartwright/contracts/event-metadata";
import { CartId, CheckoutId, CorrelationId, EventId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { Money } from "@cartwright/contracts/money";
import { Notice } from "@cartwright/contracts/notices";
import { OrderState, OrderView } from "@cartwright/contracts/order-view";
import { Quote, QuoteHash } from "@cartwright/contracts/pricing-shapes";
import { ProductData } from "@cartwright/contracts/product-data";
import { Refusal } from "@cartwright/contracts/refusals";
import * as z from "zod";

/** What REST answers, as JSON: times are ISO strings, positions strings of digits. */

const Version = z.int().nonnegative().describe("The number of events in the stream");
const Position = z.string().regex(/^\d+$/).describe("In the shard of the log; beyond what a JSON number holds exactly");

export const CartReplyBody = z.strictObject({ cartId: CartId, version: Version, position: Position, notices: Notice.array() });

export const CartViewBody = z.strictObject({ ...CartView.shape, notices: Notice.array() });

export const CartListBody = z.strictObject({
  items: CartView.omit({ items: true, canUndo: true }).array(),
  nextCursor: z.string().nullable(),
});

export const HistoryBody = z.strictObject({
  cartId: CartId,
  version: Version.describe("Of the cart now"),
  events: z.array(
    z.strictObject({
      type: z.string().describe("Such as `ItemAddedToCart`"),
      data: z.record(z.string(), z.unknown()).describe("In the newest shape of the type"),
      eventId: EventId,
      version: Version.describe("Of the cart once this had happened"),
      position: Position,
      time: Instant,
      actor: Actor,
      correlationId: CorrelationId,
    }),
  ),
});

export const QuoteBody = z.strictObject({
  cartId: CartId,
  version: Version.describe("Of the cart that this is the quote of"),
  quote: Quote,
  quoteHash: QuoteHash,
  notices: Notice.array(),
});

export const CheckoutBody = z.strictObject({ cartId: CartId, ...CheckoutView.shape });

export const CheckoutReplyBody = z.strictObject({
  ...CheckoutView.pick({ checkoutId: true, status: true, deadline: true }).shape,
  version: Version,
  position: Position,
});

export const OrderBody = OrderView;

export const OrderListBody = z.strictObject({
  items: z.array(
    z.strictObject({ ...OrderState.shape, cartId: CartId, checkoutId: CheckoutId, itemCount: z.int().nonnegative(), total: Money }),
  ),
  nextCursor: z.string().nullable(),
});

export const CatalogBody = z.strictObject({
  items: z.array(
    z.strictObject({ productId: ProductId, ...ProductData.shape, version: Version, price: Money, left: z.int().nonnegative().nullable() }),
  ),
  nextCursor: z.string().nullable(),
});

export const TokensBody = z.strictObject({
  token: z.string().describe("For `authorization: Bearer …`, until `expiresAt`"),
  refreshToken: z.string().describe("For one refresh"),
  subject: SubjectId,
  expiresAt: Instant,
});

/** A problem of RFC 9457 with the refusal that it tells of. */
export const ProblemBody = z.strictObject({
  type: z.string().describe("`urn:cartwright:refusal:` and the refusal's code, or `about:blank`"),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  refusal: Refusal.optional(),
  errors: z
    .array(z.strictObject({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
    .optional()
    .describe("Where the input is not valid"),
  correlationId: z.string().optional(),
});

/** The shapes that the document names, and refers to from everywhere. */
export const components = {
  CartReply: CartReplyBody,
  CartView: CartViewBody,
  CartList: CartListBody,
  CartHistory: HistoryBody,
  CatalogPage: CatalogBody,
  CartQuote: QuoteBody,
  Checkout: CheckoutBody,
  CheckoutReply: CheckoutReplyBody,
  Order: OrderBody,
  OrderList: OrderListBody,
  Tokens: TokensBody,
  Problem: ProblemBody,
  Refusal,
  Notice,
  Money,
  Currency,
  CartStatus,
  CartId,
  ProductId,
  SubjectId,
  Actor,
} as const satisfies Record<string, z.ZodType>;
