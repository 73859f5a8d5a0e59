import { silentLogger } from "@cartwright/service-kit/logger";
import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { startServices } from "./compose.ts";
import { parseAllInOne } from "./config.ts";

const ports = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];
const productId = "prod-456";
const catalogue = { products: [{ productId, name: "Gaming Laptop", prices: [{ amountMinor: 25_000_000, currency: "VND" }] }] };

const openShop = async (redisUrl: string) => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const { cartUrl } = await startServices({
    scope: { use: (resource) => opened.use(resource), signal: new AbortController().signal },
    postgres: database.options as Parameters<typeof startServices>[0]["postgres"],
    configs: parseAllInOne({ ...Object.fromEntries(ports.map((name) => [`${name}_PORT`, "0"])), REDIS_CONNECTION_STRING: redisUrl }),
    logger: silentLogger,
    demonstrationCatalogue: catalogue,
  });
  const guest = await fetch(`${cartUrl}/api/auth/guest`, { method: "POST" });
  const { token } = await guest.json();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const held = opened.move();
  return {
    database,
    async get(path: string) {
      const response = await fetch(cartUrl + path, { headers });
      expect(response.status).toBe(200);
      return response.json();
    },
    async add(cartId: string): Promise<number> {
      const body = JSON.stringify({ productId, quantity: 1 });
      const { version } = await (await fetch(`${cartUrl}/api/cart/${cartId}/items`, { method: "POST", headers, body })).json();
      return version;
    },
    ready: async () => (await fetch(`${cartUrl}/health/ready`)).status,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

test.skipIf(lacks("own redis"))(
  "a shop with its views in Redis answers all the same while Redis is away, and after it has lost everything",
  async () => {
    await using server = await startRedis();
    await using shop = await openShop(server.url);
    const cartId = crypto.randomUUID();
    const addAndLook = async () => {
      const version = await shop.add(cartId);
      expect(await shop.get(`/api/cart/view/${cartId}?atLeastVersion=${version}`)).toMatchObject({ cartId, version });
      return version;
    };
    await addAndLook();
    await addAndLook();
    const listed = () => shop.get("/api/carts");
    await until(async () => (await listed()).items[0]?.version === 3, { timeoutMs: 20_000 });
    expect((await shop.database.sql`select count(*)::integer as count from projector.cart_view`)[0]).toEqual({ count: 0 });
    await until(async () => (await shop.database.sql`select count(*)::integer as count from projector.subject_cart`)[0]?.count === 1);

    await server.kill();
    const version = await addAndLook();
    expect((await listed()).items).toMatchObject([{ cartId, version }]);
    expect(await shop.ready()).toBe(200);

    await server.start();
    const later = await addAndLook();
    expect((await listed()).items).toMatchObject([{ cartId, version: later }]);
  },
  120_000,
);
