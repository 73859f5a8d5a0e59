import type { Benchmark } from "./benchmark.ts";
import type { HttpRequest } from "./http-load.ts";
import { newGuest, openShop, type Shopper } from "./open-shop.ts";
import type { Requests } from "./shop.ts";

/** Whether a command takes longer the more lie in the cart: the last is as many as a cart holds. */
const sizes = [1, 100, 500] as const;

const productIdOf = (index: number) => `product-${index}`;

const catalogueOf = (size: number) => ({
  products: Array.from({ length: size }, (_, index) => ({
    productId: productIdOf(index),
    name: `Product ${index}`,
    prices: [{ amountMinor: 1_000 + index, currency: "VND" }],
  })),
});

const bigCart = (size: number): Benchmark => ({
  name: `add item to a cart of ${size} ${size === 1 ? "line" : "lines"}, 1 shopper`,
  unit: "commands",
  run: async ({ database, measureHttp }) => {
    await using shop = await openShop(await database(), {}, catalogueOf(size));
    const shopper = await newGuest(shop.origin);
    for (let index = 0; index < size; index++) await send(shop.origin, add(shopper, index));
    return await measureHttp({ origin: shop.origin, connections: [inAndOut(shopper, size)] });
  },
});

/** One more piece of a line and back to one, so that no line ever fills up. */
const inAndOut = (shopper: Shopper, size: number): Requests => [add(shopper, size - 1), setToOne(shopper, size - 1)];

const add = ({ cartId, authorization }: Shopper, index: number): HttpRequest => ({
  ...{ method: "POST", path: `/api/cart/${cartId}/items`, headers: { authorization }, status: 201 },
  body: JSON.stringify({ productId: productIdOf(index), quantity: 1 }),
});

const setToOne = ({ cartId, authorization }: Shopper, index: number): HttpRequest => ({
  ...{ method: "PATCH", path: `/api/cart/${cartId}/items/${productIdOf(index)}`, headers: { authorization } },
  body: JSON.stringify({ quantity: 1 }),
});

const send = async (origin: string, { method, path, headers, body = "" }: HttpRequest): Promise<void> => {
  const response = await fetch(origin + path, { method, body, headers: { ...headers, "content-type": "application/json" } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
};

export const bigCartBenchmarks: readonly Benchmark[] = sizes.map(bigCart);
