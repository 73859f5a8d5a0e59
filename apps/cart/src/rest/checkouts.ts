import { CheckoutId, OrderId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { ApplyCoupon } from "../carts/apply-coupon.ts";
import { CheckoutCommand } from "../checkouts/checkout-command.ts";
import { StartCheckout } from "../checkouts/prepare-checkout.ts";
import { ListOrders } from "../orders/list-orders.ts";
import { QuoteCart } from "../quotes/quote-cart.ts";
import {
  CartParams,
  cartCommandRoute,
  commandAnswer,
  commandAnswerDoc,
  commandRefusals,
  SupportQuery,
  supportQuery,
} from "./cart-route.ts";
import { commandHeaderDocs, commandHeaders } from "./command-headers.ts";
import { positionQuery } from "./position-query.ts";
import { CheckoutBody, CheckoutReplyBody, OrderBody, OrderListBody, QuoteBody } from "./replies.ts";
import { restUnwrap } from "./rest-refusal.ts";
import { digits, type Route, route } from "./route.ts";

const CouponParams = z.strictObject({ ...CartParams.shape, code: ApplyCoupon.shape.code });
const CheckoutParams = z.strictObject({ checkoutId: CheckoutId });
const OrderParams = z.strictObject({ orderId: OrderId });
const { "idempotency-key": idempotencyKey = { description: "", example: "" } } = commandHeaderDocs;

const quote = route(
  {
    ...{ method: "post", access: "subject", tag: "Carts", id: "quoteCart", path: "/api/cart/{cartId}/quote", summary: "What it costs" },
    description:
      "By the list of now, with coupons, shipping and taxes, down to the versions of what was used. Paying asks for the `quoteHash`. Coupons that hold no longer are taken off, which the notices say.",
    params: CartParams,
    query: SupportQuery,
    body: {
      schema: QuoteCart.omit({ cartId: true, reason: true }),
      examples: { shipped: { summary: "With shipping", value: { country: "DE", shippingMethodId: "standard" } } },
    },
    answers: { 200: { description: "The quote", schema: QuoteBody } },
    refusals: [
      "CartNotFound",
      "CartClosed",
      "CartEmpty",
      "ReasonMissing",
      "ShippingMethodNotFound",
      "ShippingMethodNotOffered",
      "TotalTooLarge",
    ],
  },
  async ({ c, ctx, params, query, body, caller }) =>
    c.json(restUnwrap(await ctx.services.checkouts.quote(caller(), { ...body, ...params, ...query })), 200),
);

const applyCoupon = route(
  {
    ...cartCommandRoute,
    ...{ method: "put", id: "applyCoupon", path: "/api/cart/{cartId}/coupons/{code}", summary: "Apply a coupon" },
    params: CouponParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("The cart has the coupon") },
    refusals: [...commandRefusals, "CouponNotApplicable", "TooManyCoupons"],
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.applyCoupon(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

const removeCoupon = route(
  {
    ...cartCommandRoute,
    ...{ method: "delete", id: "removeCoupon", path: "/api/cart/{cartId}/coupons/{code}", summary: "Take a coupon off" },
    description: "Taking off what is not there changes nothing.",
    params: CouponParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("The cart is without the coupon") },
    refusals: commandRefusals,
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.removeCoupon(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

const start = route(
  {
    ...{ method: "post", access: "subject", tag: "Checkout", id: "startCheckout", path: "/api/checkout", summary: "Pay for a cart" },
    description:
      "However often it is asked for, it is one checkout. Where it costs more than was agreed to, the answer is `QuoteChanged` with both; where it costs less, that is paid.",
    query: SupportQuery,
    headers: commandHeaderDocs,
    body: {
      schema: StartCheckout.omit({ idempotencyKey: true, expectedVersion: true, reason: true }),
      examples: {
        card: {
          summary: "By card",
          value: {
            cartId: "123e4567-e89b-12d3-a456-426614174000",
            quoteHash: "n4bQgYhMfWWaL-qgxVrQFa.O_TxsrC4Is0V1sFbDwCgga.25000000",
            contact: { email: "ada@example.com", locale: "en" },
            shipTo: { country: "DE", name: "Ada Lovelace", line1: "Unter den Linden 1", city: "Berlin", postalCode: "10117" },
            shippingMethodId: "standard",
            paymentToken: "pm_card_visa",
          },
        },
      },
    },
    answers: { 201: { description: "It has begun", schema: CheckoutReplyBody } },
    refusals: [
      ...commandRefusals,
      ...["CartEmpty", "QuoteChanged", "ProductRetired", "OutOfStock", "CouponNotApplicable", "ContactMissing", "PaymentTokenMissing"],
      ...["ShipToMissing", "ShippingMethodMissing", "ShippingMethodNotFound", "ShippingMethodNotOffered", "TotalTooLarge"],
    ] as const,
  },
  async ({ c, ctx, query, body, caller }) => {
    const reply = restUnwrap(await ctx.services.checkouts.start(caller(), { ...body, ...query, ...commandHeaders(c.req) }));
    return c.json({ ...reply, position: String(reply.position) }, 201, { location: `/api/checkout/${reply.checkoutId}` });
  },
);

const status = route(
  {
    ...{ method: "get", access: "subject", tag: "Checkout", id: "getCheckout", path: "/api/checkout/{checkoutId}" },
    summary: "Where a checkout has come to",
    params: CheckoutParams,
    query: SupportQuery,
    answers: { 200: { description: "The checkout", schema: CheckoutBody } },
    refusals: ["CheckoutNotFound", "ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) =>
    c.json(restUnwrap(await ctx.services.checkouts.status(caller(), { ...params, ...query })), 200),
);

const cancel = route(
  {
    ...{ method: "delete", access: "subject", tag: "Checkout", id: "cancelCheckout", path: "/api/checkout/{checkoutId}" },
    summary: "Give a checkout up",
    description: "The cart is open again. One that is an order already is cancelled as an order.",
    params: CheckoutParams,
    query: SupportQuery,
    headers: { "idempotency-key": idempotencyKey },
    answers: { 200: { description: "It has failed", schema: CheckoutBody.omit({ cartId: true }) } },
    refusals: ["CheckoutNotFound", "CheckoutEnded", "ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) => {
    const command = CheckoutCommand.parse({ ...params, ...query, idempotencyKey: commandHeaders(c.req).idempotencyKey });
    const { version: _version, position: _position, ...view } = restUnwrap(await ctx.services.checkouts.cancel(caller(), command));
    return c.json(view, 200);
  },
);

const listOrders = route(
  {
    ...{ method: "get", access: "subject", tag: "Orders", id: "listOrders", path: "/api/orders", summary: "A shopper's orders" },
    description: "Those that were placed last first, a moment behind.",
    query: z.strictObject({ ...ListOrders.shape, ...positionQuery, limit: digits(ListOrders.shape.limit.unwrap()).default(20) }),
    answers: { 200: { description: "A page of orders", schema: OrderListBody } },
    refusals: ["OwnerMismatch"],
  },
  async ({ c, ctx, query, caller }) => c.json(restUnwrap(await ctx.services.orders.list(caller(), query)), 200),
);

const getOrder = route(
  {
    ...{ method: "get", access: "subject", tag: "Orders", id: "getOrder", path: "/api/orders/{orderId}", summary: "An order" },
    params: OrderParams,
    query: z.strictObject(supportQuery),
    answers: { 200: { description: "The order as it is now", schema: OrderBody } },
    refusals: ["OrderNotFound", "ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) => c.json(restUnwrap(await ctx.services.orders.get(caller(), { ...params, ...query })), 200),
);

export const checkoutRoutes: readonly Route[] = [quote, applyCoupon, removeCoupon, start, status, cancel, listOrders, getOrder];
