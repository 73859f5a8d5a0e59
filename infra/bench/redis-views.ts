import { startRedis } from "@cartwright/testkit/redis";
import { Hono } from "hono";
import type { Benchmark } from "./benchmark.ts";
import { openShop, type Shopper } from "./open-shop.ts";
import { newShopper, type Requests, restView, trpcView } from "./shop.ts";

const shoppers = 32;

type Reading = { what: string; requests: (shopper: Shopper) => Requests };

const reading = ({ what, requests }: Reading): Benchmark => ({
  name: `${what}, ${shoppers} shoppers`,
  unit: "queries",
  run: async ({ database, measureHttp }) => {
    await using server = await startRedis();
    await using shop = await openShop(await database(), { REDIS_CONNECTION_STRING: server.url });
    const opened = await Promise.all(Array.from({ length: shoppers }, () => newShopper(shop.origin)));
    await Promise.all(opened.map(({ cartId }) => inRedis(server.url, cartId)));
    return await measureHttp({ origin: shop.origin, connections: opened.map(requests) });
  },
});

/** Resolves when the view of a cart of usual size is there whole: from then on the log is not folded. */
const inRedis = async (url: string, cartId: string): Promise<void> => {
  const client = new Bun.RedisClient(url);
  try {
    for (let attempt = 0; attempt < 1_000; attempt++) {
      const value = await client.get(`cartwright:cart-view:1:view:${cartId}`);
      if (value?.startsWith("6 ")) return;
      await Bun.sleep(10);
    }
    throw new Error("the view does not come into Redis");
  } finally {
    client.close();
  }
};

/** The same framework with nothing to do, for comparison: as many bytes as a view of five lines has. */
const constant: Benchmark = {
  name: `Hono alone: a constant of a cart view's size, ${shoppers} connections`,
  unit: "queries",
  run: async ({ measureHttp }) => {
    const view = { items: Array.from({ length: 5 }, (_, index) => ({ productId: `prod-${index}`, text: "x".repeat(320) })) };
    const app = new Hono().get("/", (c) => c.json(view));
    await using server = Bun.serve({ port: 0, fetch: app.fetch });
    const requests: Requests = [{ method: "GET", path: "/" }];
    return await measureHttp({ origin: `http://localhost:${server.port}`, connections: Array.from({ length: shoppers }, () => requests) });
  },
};

export const redisViewBenchmarks: readonly Benchmark[] = [
  reading({ what: "cart view from Redis over REST", requests: (shopper) => [restView(shopper)] }),
  reading({ what: "cart view from Redis over tRPC", requests: (shopper) => [trpcView(shopper)] }),
  constant,
];
