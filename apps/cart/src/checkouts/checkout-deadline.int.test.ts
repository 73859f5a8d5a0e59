import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { startCart } from "../compose.ts";
import { cartConfig } from "../config.ts";
import { aCartId, agreed, clientsOf, mouse, testProducts } from "../spec.ts";
import { prepareDatabase } from "../testing/prepare-database.ts";

const password = "demonstration";
const visa = PaymentToken.parse("pm_card_visa");

test("a checkout that nobody carries on fails at its deadline, also when the service was down then, and the cart is open again", async () => {
  await using db = await testDatabase({ prepare: prepareDatabase });
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR", CHECKOUT_DEADLINE: "2s" });
  const health = processHealth({ keepMs: 0 });
  const never = new Promise<never>(() => {});
  const start = () => startCart({ config, postgres: db.options, logger: silentLogger, health, feeds: { billing: never, fraud: never } });

  const cartId = aCartId();
  {
    await using before = await start();
    const anybody = clientsOf((request) => fetch(request), before.url).trpc();
    const merchant = await anybody.auth.signIn.mutate({ email: "merchant@example.com" as never, password });
    const products = testProducts.map(({ productId, product }) => ({ productId, ...product }));
    await clientsOf((request) => fetch(request), before.url)
      .trpc(merchant.token)
      .catalog.putMany.mutate({ products });
    const shopper = clientsOf((request) => fetch(request), before.url).trpc((await signedIn(before.url)).token);
    await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: visa }));
    expect((await health.report()).checks.checkouts).toMatchObject({
      ok: true,
      detail: "they wait for the log of fraud and the log of billing",
    });
    // The timer is there before the process ends.
    await until(async () => (await db.sql`select from cart.timer where kind = 'checkout-deadline'`).length === 1);
  }
  await using after = await start();
  const shopper = clientsOf((request) => fetch(request), after.url).trpc((await signedIn(after.url)).token);
  const view = await until(async () => {
    const found = await shopper.cart.view.query({ cartId });
    return found.status === "Open" && found;
  });
  expect(view).toMatchObject({ checkout: { status: "Failed", failure: "DeadlinePassed" }, items: [{ quantity: 1 }] });
  expect(await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 })).toMatchObject({ version: 6 });
  await until(async () => (await db.sql`select from cart.timer where kind = 'checkout-deadline'`).length === 0);
}, 30_000);

const signedIn = (url: string) =>
  clientsOf((request) => fetch(request), url)
    .trpc()
    .auth.signIn.mutate({ email: "ada@example.com" as never, password });
