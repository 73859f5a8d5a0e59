import { ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { AddItem } from "../carts/add-item.ts";
import { SetQuantity } from "../carts/set-quantity.ts";
import { CartParams, cartCommandRoute, commandAnswer, commandAnswerDoc, commandRefusals, etagDoc, SupportQuery } from "./cart-route.ts";
import { commandHeaders } from "./command-headers.ts";
import { CartReplyBody } from "./replies.ts";
import { type Route, route } from "./route.ts";

// What the path, the query and the headers carry is not in the body.
const elsewhere = { cartId: true, productId: true, idempotencyKey: true, expectedVersion: true, reason: true } as const;
const { productId: _, ...notInBodyOfAdd } = elsewhere;
const ItemParams = z.strictObject({ ...CartParams.shape, productId: ProductId });

const addItem = route(
  {
    ...cartCommandRoute,
    method: "post",
    id: "addItem",
    path: "/api/cart/{cartId}/items",
    summary: "Add a product",
    description:
      "Adds to the quantity that is there, and opens the cart where there is none. A shopper's `price` is what the shopper saw: where the list says otherwise the answer is `PriceChanged` with both. A token of the scope `cart:price` names the owner as `userId` and may bring name and price of its own.",
    params: CartParams,
    query: SupportQuery,
    headers: {
      ...cartCommandRoute.headers,
      "if-none-match": { description: "`*`: only where the add opens the cart.", example: "*" },
    },
    body: {
      schema: AddItem.omit(notInBodyOfAdd),
      examples: {
        shopper: { summary: "By a shopper", value: { productId: "prod-456", quantity: 1 } },
        backEnd: {
          summary: "By a back end, with a token of the scope cart:price",
          value: { userId: "user-123", productId: "prod-456", productName: "Gaming Laptop", price: 25_000_000, quantity: 1 },
        },
      },
    },
    answers: {
      201: {
        description: "It is in the cart",
        schema: CartReplyBody,
        headers: { ...etagDoc, location: { description: "The cart", example: "/api/cart/view/123e4567-e89b-12d3-a456-426614174000" } },
      },
    },
    refusals: [
      ...commandRefusals,
      "CartFull",
      "TooManyOfProduct",
      "TotalTooLarge",
      "CurrencyMismatch",
      "PriceChanged",
      "ProductNotFound",
      "ProductRetired",
      "CurrencyNotOffered",
      "OwnerMismatch",
    ],
  },
  async ({ c, ctx, params, query, body, caller }) => {
    const answer = await ctx.services.carts.addItem(caller(), { ...body, ...params, ...query, ...commandHeaders(c.req) });
    return commandAnswer(c, answer, { created: `/api/cart/view/${params.cartId}` });
  },
);

const setQuantity = route(
  {
    ...cartCommandRoute,
    method: "patch",
    id: "setQuantity",
    path: "/api/cart/{cartId}/items/{productId}",
    summary: "Set a product's quantity",
    description: "Zero removes it.",
    params: ItemParams,
    query: SupportQuery,
    body: { schema: SetQuantity.omit(elsewhere), examples: { two: { summary: "Two of them", value: { quantity: 2 } } } },
    answers: { 200: commandAnswerDoc("The cart holds so many") },
    refusals: [...commandRefusals, "NotInCart", "TooManyOfProduct", "TotalTooLarge"],
  },
  async ({ c, ctx, params, query, body, caller }) =>
    commandAnswer(c, await ctx.services.carts.setQuantity(caller(), { ...body, ...params, ...query, ...commandHeaders(c.req) })),
);

const removeItem = route(
  {
    ...cartCommandRoute,
    method: "delete",
    id: "removeItem",
    path: "/api/cart/{cartId}/items/{productId}",
    summary: "Remove a product",
    description: "Removing what is not there changes nothing.",
    params: ItemParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("It is not in the cart") },
    refusals: commandRefusals,
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.removeItem(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

const clear = route(
  {
    ...cartCommandRoute,
    method: "delete",
    id: "clearCart",
    path: "/api/cart/{cartId}/items",
    summary: "Remove everything",
    params: CartParams,
    query: SupportQuery,
    answers: { 200: commandAnswerDoc("The cart is empty") },
    refusals: commandRefusals,
  },
  async ({ c, ctx, params, query, caller }) =>
    commandAnswer(c, await ctx.services.carts.clear(caller(), { ...params, ...query, ...commandHeaders(c.req) })),
);

export const cartItemRoutes: readonly Route[] = [addItem, setQuantity, removeItem, clear];
