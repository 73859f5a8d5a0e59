import type { Benchmark } from "./benchmark.ts";
import type { HttpRequest } from "./http-load.ts";
import { newGuest, openShop, productIds, type Shopper } from "./open-shop.ts";

/** What one shopper sends, over and over. */
export type Requests = readonly [HttpRequest, ...HttpRequest[]];

/** A guest with a cart of usual size. */
export const newShopper = async (origin: string): Promise<Shopper> => {
  const shopper = await newGuest(origin);
  await Promise.all(productIds.map((productId) => send(origin, restAdd(shopper, productId))));
  return shopper;
};

const send = async (origin: string, { method, path, headers, body = "" }: HttpRequest): Promise<void> => {
  const response = await fetch(origin + path, { method, body, headers: { ...headers, "content-type": "application/json" } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
};

const headersOf = ({ authorization }: Shopper) => ({ authorization });

const restAdd = (shopper: Shopper, productId: string): HttpRequest => ({
  method: "POST",
  path: `/api/cart/${shopper.cartId}/items`,
  headers: headersOf(shopper),
  body: JSON.stringify({ productId, quantity: 1 }),
  status: 201,
});

const trpcAdd = (shopper: Shopper, productId: string): HttpRequest => ({
  method: "POST",
  path: "/trpc/cart.addItem",
  headers: headersOf(shopper),
  body: JSON.stringify({ json: { cartId: shopper.cartId, productId, quantity: 1 } }),
});

export const restView = (shopper: Shopper): HttpRequest => ({
  method: "GET",
  path: `/api/cart/view/${shopper.cartId}`,
  headers: headersOf(shopper),
});

export const trpcView = (shopper: Shopper): HttpRequest => ({
  method: "GET",
  path: `/trpc/cart.view?input=${encodeURIComponent(JSON.stringify({ json: { cartId: shopper.cartId } }))}`,
  headers: headersOf(shopper),
});

/** One product after the other, over and over. */
const eachInTurn =
  (add: (shopper: Shopper, productId: string) => HttpRequest) =>
  (shopper: Shopper): Requests => {
    const [first, ...others] = productIds.map((productId) => add(shopper, productId));
    if (!first) throw new Error("the demonstration catalogue is empty");
    return [first, ...others];
  };

type Shopping = { what: string; unit: string; shoppers: number; requests: (shopper: Shopper) => Requests };

const shopping = ({ what, unit, shoppers, requests }: Shopping): Benchmark => ({
  name: `${what}, ${shoppers} ${shoppers === 1 ? "shopper" : "shoppers"}`,
  unit,
  run: async ({ database, measureHttp }) => {
    await using shop = await openShop(await database());
    const opened = await Promise.all(Array.from({ length: shoppers }, () => newShopper(shop.origin)));
    return await measureHttp({ origin: shop.origin, connections: opened.map(requests) });
  },
});

export const shopBenchmarks: readonly Benchmark[] = [1, 32].flatMap((shoppers) => [
  shopping({ what: "add item over tRPC", unit: "commands", shoppers, requests: eachInTurn(trpcAdd) }),
  shopping({ what: "add item over REST", unit: "commands", shoppers, requests: eachInTurn(restAdd) }),
  shopping({ what: "cart view over tRPC", unit: "queries", shoppers, requests: (shopper) => [trpcView(shopper)] }),
  shopping({ what: "cart view over REST", unit: "queries", shoppers, requests: (shopper) => [restView(shopper)] }),
]);
