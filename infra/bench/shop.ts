import { startServices } from "@cartwright/all-in-one/compose";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import demonstrationCatalogue from "../catalogue/demonstration.json";
import type { Benchmark } from "./benchmark.ts";
import type { HttpRequest } from "./http-load.ts";

/** What one shopper sends, over and over. */
type Requests = readonly [HttpRequest, ...HttpRequest[]];

type Shopper = { cartId: string; authorization: string };

/** What is in a cart of usual size. Five lines take fifty thousand adds before one is full. */
const products = demonstrationCatalogue.products.slice(0, 5);

/** The embedded system as `start` composes it, on free ports, with guests who have a cart each. */
const openShop = async (postgres: PostgresConnection, shoppers: number) => {
  const held = new AsyncDisposableStack();
  const { cartUrl } = await startServices({
    scope: { use: (resource) => held.use(resource), signal: new AbortController().signal },
    postgres,
    environment: { CART_PORT: "0", PROJECTOR_PORT: "0", STOREFRONT_PORT: "0", ADMIN_PORT: "0" },
    logger: silentLogger,
    demonstrationCatalogue,
  });
  const opened = await Promise.all(Array.from({ length: shoppers }, () => newShopper(cartUrl)));
  return { origin: cartUrl, shoppers: opened, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const newShopper = async (origin: string): Promise<Shopper> => {
  const guest = await fetch(`${origin}/api/auth/guest`, { method: "POST" });
  const { token }: { token: string } = await guest.json();
  const shopper = { cartId: crypto.randomUUID(), authorization: `Bearer ${token}` };
  await Promise.all(products.map(({ productId }) => send(origin, restAdd(shopper, productId))));
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

const restView = (shopper: Shopper): HttpRequest => ({
  method: "GET",
  path: `/api/cart/view/${shopper.cartId}`,
  headers: headersOf(shopper),
});

const trpcView = (shopper: Shopper): HttpRequest => ({
  method: "GET",
  path: `/trpc/cart.view?input=${encodeURIComponent(JSON.stringify({ json: { cartId: shopper.cartId } }))}`,
  headers: headersOf(shopper),
});

/** One product after the other, over and over. */
const eachInTurn =
  (add: (shopper: Shopper, productId: string) => HttpRequest) =>
  (shopper: Shopper): Requests => {
    const [first, ...others] = products.map(({ productId }) => add(shopper, productId));
    if (!first) throw new Error("the demonstration catalogue is empty");
    return [first, ...others];
  };

type Shopping = { what: string; unit: string; shoppers: number; requests: (shopper: Shopper) => Requests };

const shopping = ({ what, unit, shoppers, requests }: Shopping): Benchmark => ({
  name: `${what}, ${shoppers} ${shoppers === 1 ? "shopper" : "shoppers"}`,
  unit,
  run: async ({ database, measureHttp }) => {
    await using shop = await openShop(await database(), shoppers);
    return await measureHttp({ origin: shop.origin, connections: shop.shoppers.map(requests) });
  },
});

const silent = () => {};
const silentLogger = { debug: silent, info: silent, warn: silent, error: silent, child: () => silentLogger };

export const shopBenchmarks: readonly Benchmark[] = [1, 32].flatMap((shoppers) => [
  shopping({ what: "add item over tRPC", unit: "commands", shoppers, requests: eachInTurn(trpcAdd) }),
  shopping({ what: "add item over REST", unit: "commands", shoppers, requests: eachInTurn(restAdd) }),
  shopping({ what: "cart view over tRPC", unit: "queries", shoppers, requests: (shopper) => [trpcView(shopper)] }),
  shopping({ what: "cart view over REST", unit: "queries", shoppers, requests: (shopper) => [restView(shopper)] }),
]);
