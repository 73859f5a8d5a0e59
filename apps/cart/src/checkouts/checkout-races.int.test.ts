import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { CouponCode, StockId } from "@cartwright/contracts/pricing-shapes";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningCart, startCart } from "../compose.ts";
import { cartConfig } from "../config.ts";
import { aCartId, agreed, clientsOf, eur, laptop, mouse, product, refusalOf, testProducts } from "../spec.ts";
import { prepareDatabase } from "../testing/prepare-database.ts";

const visa = PaymentToken.parse("pm_card_visa");
const single = CouponCode.parse("SINGLE");

let db: TestDatabase;
let processes: readonly RunningCart[];
let merchant: Awaited<ReturnType<typeof signedIn>>;
beforeAll(async () => {
  db = await testDatabase({ prepare: prepareDatabase });
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR" });
  const start = () => startCart({ config, postgres: db.options, logger: silentLogger });
  processes = [await start(), await start()];
  merchant = await signedIn("merchant@example.com");
  await merchant.catalog.putMany.mutate({ products: testProducts.map(({ productId, product }) => ({ productId, ...product })) });
}, 60_000);
afterAll(async () => {
  for (const running of processes) await running[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const clientAt = (index: number, token?: string) => {
  const running = processes[index % processes.length];
  if (!running) throw new Error("no process runs");
  return clientsOf((request) => fetch(request), running.url).trpc(token);
};
const signedIn = async (email: string) => {
  const { token } = await clientAt(0).auth.signIn.mutate({ email: email as never, password: "demonstration" });
  return clientAt(0, token);
};

/** A guest with a cart, at one of the processes. */
const shopper = async (index: number, products: readonly (typeof mouse)[]) => {
  const { token } = await clientAt(index).auth.guest.mutate();
  const client = clientAt(index, token);
  const cartId = aCartId();
  for (const productId of products) await client.cart.addItem.mutate({ cartId, productId, quantity: 1 });
  return { client, cartId };
};

const levelOf = async (stockId: StockId) => (await merchant.stock.get.query({ stockIds: [stockId] })).stocks[0];
const counted = (productId: typeof mouse, stockId: StockId) =>
  merchant.catalog.put.mutate({ productId, ...product("Counted", [eur(1_000)]), stockId });

describe("of shoppers who pay at once at two processes", () => {
  test("twenty with the same single-use coupon, one uses it; the others are told and keep their carts", async () => {
    const discount = { kind: "percentage", ratePpm: 100_000 } as const;
    await merchant.coupon.put.mutate({ code: single, discount, maxUses: 1 });
    const paying = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { client, cartId } = await shopper(index, [mouse]);
        await client.cart.applyCoupon.mutate({ cartId, code: single });
        return { client, cartId, input: await agreed(client, { cartId, paymentToken: visa }) };
      }),
    );
    const refusals = await Promise.all(paying.map(({ client, input }) => refusalOf(client.checkout.start.mutate(input))));
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
    // Who looked after it was used is told that the quote has changed: it is without the coupon now.
    for (const refusal of refusals.filter((each) => each !== null)) expect(["CouponNotApplicable", "QuoteChanged"]).toContain(refusal.code);
    expect(await db.sql`select count from cart.claim where key = ${`coupon:${single}`}`).toMatchObject([{ count: "1" }]);
    for (const [index, { client, cartId }] of paying.entries())
      if (refusals[index] !== null)
        expect(await client.cart.quote.mutate({ cartId })).toMatchObject({ quote: { totals: { discount: eur(0) } } });
  }, 60_000);

  test("two who want the last piece, one gets it; the other is told and keeps the cart", async () => {
    const stockId = StockId.parse("last-one");
    await counted(mouse, stockId);
    await merchant.stock.set.mutate({ stocks: [{ stockId, onHand: 1 }] });
    const paying = await Promise.all(
      [0, 1].map(async (index) => {
        const { client, cartId } = await shopper(index, [mouse]);
        return { client, cartId, input: await agreed(client, { cartId, paymentToken: visa }) };
      }),
    );
    const refusals = await Promise.all(paying.map(({ client, input }) => refusalOf(client.checkout.start.mutate(input))));
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
    expect(refusals.find((refusal) => refusal !== null)).toEqual({
      ...{ code: "OutOfStock", stockId, productIds: [mouse], wanted: 1, available: 0 },
    });
    const loser = paying[refusals.findIndex((refusal) => refusal !== null)];
    expect(await loser?.client.cart.view.query({ cartId: loser.cartId, atLeastVersion: 2 })).toMatchObject({ status: "Open" });
    expect(await levelOf(stockId)).toEqual({ stockId, available: 0, reserved: 1, onHand: 1 });
  }, 60_000);

  test("and many more than there are pieces, just as many get one as there are", async () => {
    const stockId = StockId.parse("seven");
    await counted(mouse, stockId);
    await merchant.stock.set.mutate({ stocks: [{ stockId, onHand: 7 }] });
    const paying = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const { client, cartId } = await shopper(index, [mouse]);
        return { client, input: await agreed(client, { cartId, paymentToken: visa }) };
      }),
    );
    const refusals = await Promise.all(paying.map(({ client, input }) => refusalOf(client.checkout.start.mutate(input))));
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(7);
    expect(await levelOf(stockId)).toEqual({ stockId, available: 0, reserved: 7, onHand: 7 });
  }, 60_000);

  test("one whose two lines share one stock is refused together where only one piece is left", async () => {
    const stockId = StockId.parse("shared");
    await counted(mouse, stockId);
    await counted(laptop, stockId);
    await merchant.stock.set.mutate({ stocks: [{ stockId, onHand: 1 }] });
    const { client, cartId } = await shopper(0, [mouse, laptop]);
    const paying = await agreed(client, { cartId, paymentToken: visa });
    expect(await refusalOf(client.checkout.start.mutate(paying))).toMatchObject({ code: "OutOfStock", stockId, wanted: 2, available: 1 });
    expect(await levelOf(stockId)).toEqual({ stockId, available: 1, reserved: 0, onHand: 1 });
  }, 60_000);
});
