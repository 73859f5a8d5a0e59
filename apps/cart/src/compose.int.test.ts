import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { startCart } from "./compose.ts";
import { cartConfig } from "./config.ts";
import { aCartId, clientsOf, eur, laptop, mouse, refusalOf, testProducts } from "./spec.ts";

/** A process of the service on a database, reached over real HTTP. */
const startProcess = async (db: TestDatabase, environment: Record<string, string> = {}) => {
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR", ...environment });
  const running = await startCart({ config, postgres: db.options, logger: silentLogger });
  return { ...running, ...clientsOf(fetch, running.url) };
};
type Process = Awaited<ReturnType<typeof startProcess>>;

const signIn = async (process: Process, email: string) =>
  (await process.trpc().auth.signIn.mutate({ email: email as never, password: "demonstration" })).token;
const guest = async (process: Process) => (await process.trpc().auth.guest.mutate()).token;
const loadProducts = async (process: Process) => {
  const merchant = process.trpc(await signIn(process, "merchant@example.com"));
  await merchant.catalog.putMany.mutate({ products: testProducts.map(({ productId, product }) => ({ productId, ...product })) });
};

test("fifty adds at once are fifty, whether the cart is new or not, from one process or from two", async () => {
  await using db = await testDatabase();
  await using one = await startProcess(db);
  await using other = await startProcess(db);
  await loadProducts(one);
  const token = await guest(one);
  const add = (process: Process, cartId = aCartId()) => process.trpc(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });

  for (const processes of [[one], [one, other]] as const) {
    const cartId = aCartId();
    for (const expected of [50, 100]) {
      const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => add(processes[index % processes.length] ?? one, cartId)));
      expect(new Set(replies.map(({ version }) => version)).size).toBe(50);
      for (const process of [one, other]) {
        const view = await process.trpc(token).cart.view.query({ cartId, atLeastVersion: expected + 1 });
        expect(view).toMatchObject({ version: expected + 1, items: [{ quantity: expected }] });
      }
    }
  }
});
