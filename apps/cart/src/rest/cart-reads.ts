import * as z from "zod";
import { CartHistory } from "../carts/cart-history.ts";
import { CurrentCart } from "../carts/current-cart.ts";
import { ListCarts } from "../carts/list-carts.ts";
import { CartParams, etagDoc, supportQuery } from "./cart-route.ts";
import { entityTag, matchesNoneOf } from "./entity-tag.ts";
import { positionQuery } from "./position-query.ts";
import { CartListBody, CartViewBody, HistoryBody } from "./replies.ts";
import { restUnwrap } from "./rest-refusal.ts";
import { digits, type Route, route } from "./route.ts";

const common = { method: "get", access: "subject", tag: "Carts" } as const;

const view = route(
  {
    ...common,
    id: "viewCart",
    path: "/api/cart/view/{cartId}",
    summary: "Look at a cart",
    description: "A moment behind the last command, unless `atLeastVersion` says what it must show.",
    params: CartParams,
    query: z.strictObject({
      atLeastVersion: digits(z.int().positive()).optional().describe("The version that a command answered"),
      ...supportQuery,
    }),
    headers: { "if-none-match": { description: "The entity tag of what the client has.", example: '"3"' } },
    answers: {
      200: { description: "The cart", schema: CartViewBody, headers: etagDoc },
      304: { description: "The client has it", headers: etagDoc },
    },
    refusals: ["CartNotFound", "VersionNotReached", "ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) => {
    const cart = restUnwrap(await ctx.services.queries.view(caller(), { ...params, ...query }));
    const headers = { etag: entityTag(cart.version), "cache-control": "private, no-cache" };
    const known = c.req.header("if-none-match");
    return known !== undefined && !matchesNoneOf(known, cart.version) ? c.body(null, 304, headers) : c.json(cart, 200, headers);
  },
);

const events = route(
  {
    ...common,
    id: "cartHistory",
    path: "/api/cart/{cartId}/events",
    summary: "What happened to a cart",
    params: CartParams,
    query: z.strictObject({
      after: digits(CartHistory.shape.after.unwrap()).default(0).describe("The version behind which the page begins"),
      limit: digits(CartHistory.shape.limit.unwrap()).default(100),
      ...supportQuery,
    }),
    answers: { 200: { description: "Its events in order", schema: HistoryBody, headers: etagDoc } },
    refusals: ["CartNotFound", "ReasonMissing"],
  },
  async ({ c, ctx, params, query, caller }) => {
    const page = restUnwrap(await ctx.services.queries.history(caller(), { ...params, ...query }));
    const body = { ...page, events: page.events.map((event) => ({ ...event, position: String(event.position) })) };
    return c.json(body, 200, { etag: entityTag(page.version) });
  },
);

const current = route(
  {
    ...common,
    id: "currentCart",
    path: "/api/cart",
    summary: "The current cart",
    description: "The one that any device of the same shopper finds.",
    query: CurrentCart,
    answers: {
      200: { description: "The cart", schema: CartViewBody, headers: etagDoc },
      204: { description: "There is none" },
    },
    refusals: ["OwnerMismatch"],
  },
  async ({ c, ctx, query, caller }) => {
    const cart = restUnwrap(await ctx.services.queries.current(caller(), query));
    return cart ? c.json(cart, 200, { etag: entityTag(cart.version) }) : c.body(null, 204);
  },
);

const list = route(
  {
    ...common,
    id: "listCarts",
    path: "/api/carts",
    summary: "A shopper's carts",
    description: "The newest first.",
    query: z.strictObject({ ...ListCarts.shape, ...positionQuery, limit: digits(ListCarts.shape.limit.unwrap()).default(20) }),
    answers: { 200: { description: "A page of them, without their lines", schema: CartListBody } },
    refusals: ["OwnerMismatch"],
  },
  async ({ c, ctx, query, caller }) => c.json(restUnwrap(await ctx.services.queries.list(caller(), query)), 200),
);

export const cartReadRoutes: readonly Route[] = [view, events, current, list];
