import { expect, test } from "vitest";
import { serveCart } from "../client-package/serve-cart.ts";
import { type LiveLoadStage, measureLive } from "./live-load.ts";

const time = { warmUpMs: 0, durationMs: 200 };

test("a load adds to its carts over one WebSocket, and with followers it measures until they are told", async () => {
  await using server = await serveCart();
  const authorization = `Bearer ${await server.guest()}`;
  const { laptop, mouse } = server.products;
  const cartIds = Array.from({ length: 5 }, () => crypto.randomUUID());
  const load = { origin: server.url, authorization, cartIds, productIds: [laptop, mouse], inFlight: 2 };
  for (const followed of [false, true]) {
    const stages: LiveLoadStage[] = [];
    const { operations, errors, latencyMs } = await measureLive({ ...load, followed }, { time, onStage: (stage) => stages.push(stage) });
    expect({ errors, stages }).toEqual({ errors: 0, stages: ["prepared", "following"] });
    expect(operations).toBeGreaterThan(0);
    // A follower may have been told of each before it was answered.
    if (!followed) expect(latencyMs.max).toBeGreaterThan(0);
  }
  const total = (await Promise.all(cartIds.map((cartId) => quantityOf(server, { cartId, authorization })))).reduce((sum, one) => sum + one);
  expect(total).toBeGreaterThan(2 * cartIds.length);
}, 20_000);

test("what is refused is counted as an error", async () => {
  await using server = await serveCart();
  const authorization = `Bearer ${await server.guest()}`;
  const productIds = [server.products.laptop, "nothing-of-the-kind"];
  const load = { origin: server.url, authorization, cartIds: [crypto.randomUUID()], productIds, inFlight: 1, followed: true };
  const { errors, firstError } = await measureLive(load, { time });
  expect(errors).toBeGreaterThan(0);
  expect(firstError).toContain("ProductNotFound");
}, 20_000);

type Server = Awaited<ReturnType<typeof serveCart>>;

const quantityOf = async ({ url }: Server, { cartId, authorization }: { cartId: string; authorization: string }): Promise<number> => {
  const response = await fetch(`${url}/api/cart/view/${cartId}`, { headers: { authorization } });
  return (await response.json()).totals.itemCount;
};
