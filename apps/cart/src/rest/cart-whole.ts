import { MergeCarts } from "../carts/merge-carts.ts";
import { CartParams, cartCommandRoute, commandAnswer, commandAnswerDoc, commandRefusals, SupportQuery } from "./cart-route.ts";
import { commandHeaders } from "./command-headers.ts";
import { type Route, route } from "./route.ts";

const merge = route(
  {
    ...cartCommandRoute,
    method: "post",
    id: "mergeCarts",
    path: "/api/cart/{cartId}/merge",
    summary: "Take over a guest's cart",
    description: "After signing in: moves what lies in the guest's cart into this one and closes the guest's, both or neither.",
    params: CartParams,
    query: SupportQuery,
    body: { schema: MergeCarts.pick({ guestToken: true, guestCartId: true }) },
    answers: { 200: commandAnswerDoc("This cart holds what lay in both") },
    refusals: [
      ...commandRefusals,
      "TokenInvalid",
      "NotAGuestCart",
      "SameCart",
      "CartFull",
      "TooManyOfProduct",
      "TotalTooLarge",
      "CurrencyMismatch",
    ],
  },
  async ({ c, ctx, params, query, body, caller }) =>
    commandAnswer(c, await ctx.services.carts.merge(caller(), { ...body, ...params, ...query, ...commandHeaders(c.req) })),
);

const undo = route(
  {
    ...cartCommandRoute,
    method: "post",
    id: "undoRemoval",
    path: "/api/cart/{cartId}/undo",
    summary: "Undo the last removal",
    params: CartParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("What was removed is back") },
    refusals: [...commandRefusals, "NothingToUndo", "BackInCart", "CartFull", "TotalTooLarge"],
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.undo(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

const cancel = route(
  {
    ...cartCommandRoute,
    method: "delete",
    id: "cancelCart",
    path: "/api/cart/{cartId}",
    summary: "Give the cart up",
    description: "It is closed for ever; what happened to it can still be read.",
    params: CartParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("The cart is closed") },
    refusals: commandRefusals,
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.cancel(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

export const wholeCartRoutes: readonly Route[] = [merge, undo, cancel];
