import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Country, CouponCode, ShippingMethodId, StockId, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import { Sealed } from "@cartwright/contracts/sealed";
import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { cartViewsFromLog } from "@cartwright/read-model/cart-views-from-log";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { startCart } from "./compose.ts";
import { cartConfig } from "./config.ts";
import { mintToken } from "./ops/mint-token.ts";
import { restRoutes } from "./rest/rest-routes.ts";
import { cartServiceRouter } from "./router.ts";
import { aCartId, agreed, aKey, clientsOf, eur, laptop, mouse, refusalOf, testProducts } from "./spec.ts";
import { prepareDatabase } from "./testing/prepare-database.ts";

/** There is no projector here. */
const openViews = async (log: PostgresEventLog) => ({ ...cartViewsFromLog(log), async [Symbol.asyncDispose]() {} });

/** The service over real HTTP on PostgreSQL, and what was asked of it. */
const startService = async () => {
  const db = await testDatabase({ prepare: prepareDatabase });
  const key = await generateSigningKey();
  const config = parseConfig(cartConfig, {
    ...{ CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR" },
    AUTH_SIGNING_KEY: JSON.stringify(key),
  });
  const running = await startCart({ config, postgres: db.options, logger: silentLogger, openViews });
  const asked: string[] = [];
  const recording = (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  return {
    ...clientsOf(recording, running.url),
    asked,
    operator: async () => (await mintToken({ key, scopes: ["ops:read", "ops:write"] })).token,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
};

const patience = 30_000;
const password = "demonstration";

test(
  "every procedure does what it says",
  async () => {
    await using service = await startService();
    const anybody = service.trpc();
    const signIn = async (email: string) => (await anybody.auth.signIn.mutate({ email: email as never, password })).token;

    const merchant = service.trpc(await signIn("merchant@example.com"));
    const [first, ...others] = testProducts.map(({ productId, product }) => ({ productId, ...product }));
    if (!first) throw new Error("no products");
    expect(await merchant.catalog.put.mutate(first)).toMatchObject({ version: 1 });
    expect((await merchant.catalog.putMany.mutate({ products: others })).products).toHaveLength(2);
    await merchant.catalog.retire.mutate({ productId: others[1]?.productId ?? mouse });
    expect((await anybody.catalog.list.query()).items).toHaveLength(2);
    expect(await anybody.catalog.get.query({ productId: laptop })).toMatchObject({ name: "Gaming Laptop", status: "listed" });
    const projector = await anybody.auth.serviceToken.mutate({ service: "projector", secret: "development-projector" });
    expect(projector).toMatchObject({ subject: "service-projector" });

    const guest = await anybody.auth.guest.mutate();
    const renewed = await anybody.auth.refresh.mutate({ refreshToken: guest.refreshToken });
    const guestCart = service.trpc(renewed.token).cart;
    const { cartId: guestCartId } = await guestCart.open.mutate({});
    await guestCart.addItem.mutate({ cartId: guestCartId, productId: mouse, quantity: 2 });

    const adas = await signIn("ada@example.com");
    const { cart } = service.trpc(adas);
    const cartId = aCartId();
    expect(await cart.merge.mutate({ cartId, guestToken: renewed.token, guestCartId })).toMatchObject({ version: 3 });
    expect(await cart.setQuantity.mutate({ cartId, productId: mouse, quantity: 5 })).toMatchObject({ version: 4 });
    expect(await cart.removeItem.mutate({ cartId, productId: mouse })).toMatchObject({ version: 5 });
    expect(await cart.undo.mutate({ cartId })).toMatchObject({ version: 6 });
    expect(await cart.clear.mutate({ cartId })).toMatchObject({ version: 7 });
    expect(await cart.view.query({ cartId, atLeastVersion: 7 })).toMatchObject({ version: 7, items: [], canUndo: true });
    expect(await cart.at.query({ cartId, version: 4 })).toMatchObject({ items: [{ quantity: 5 }] });
    expect((await cart.history.query({ cartId, after: 3 })).events).toHaveLength(4);
    expect(await cart.current.query()).toMatchObject({ cartId });
    expect(await cart.cancel.mutate({ cartId })).toMatchObject({ version: 8 });
    expect((await cart.list.query()).nextCursor).toBeNull();
    const paid = aCartId();
    await cart.addItem.mutate({ cartId: paid, productId: mouse, quantity: 1 });
    const { checkout } = service.trpc(adas);
    const { checkoutId } = await checkout.start.mutate(
      await agreed({ cart }, { cartId: paid, paymentToken: PaymentToken.parse("pm_card_visa") }),
    );
    expect(await checkout.status.query({ checkoutId })).toMatchObject({ cartId: paid, status: "Started" });
    expect(await refusalOf(checkout.confirmAction.mutate({ checkoutId }))).toMatchObject({ code: "NoActionRequired", status: "Started" });
    expect(await checkout.cancel.mutate({ checkoutId })).toMatchObject({ checkoutId, status: "Failed", failure: "Cancelled" });
    const { order } = service.trpc(adas);
    const orderId = orderIdOf(checkoutId);
    expect((await order.list.query()).items).toEqual([]);
    expect(await refusalOf(order.get.query({ orderId }))).toEqual({ code: "OrderNotFound", orderId });
    expect(await refusalOf(order.cancel.mutate({ orderId }))).toEqual({ code: "OrderNotFound", orderId });
    const shop = service.trpc(await signIn("merchant@example.com"));
    const tenPercent = { code: CouponCode.parse("ten"), discount: { kind: "percentage", ratePpm: 100_000 } } as const;
    expect(await shop.coupon.put.mutate(tenPercent)).toMatchObject({ id: "TEN", version: 1, changed: true });
    expect((await shop.coupon.putMany.mutate({ coupons: [tenPercent] })).coupons).toMatchObject([{ version: 1, changed: false }]);
    expect((await shop.coupon.list.query()).items).toMatchObject([{ code: "TEN", isRetired: false }]);
    const standard = { shippingMethodId: ShippingMethodId.parse("standard"), name: "Standard", prices: [eur(490)] };
    await shop.shippingMethod.put.mutate(standard);
    await shop.shippingMethod.putMany.mutate({ shippingMethods: [standard] });
    expect((await anybody.shippingMethod.list.query()).items).toMatchObject([{ name: "Standard" }]);
    const vat = { taxRateId: TaxRateId.parse("de-19"), country: Country.parse("DE"), name: "MwSt.", ratePpm: 190_000 };
    const rate = { ...vat, isInclusive: true, validFrom: Instant.parse("2026-01-01T00:00:00.000Z") };
    await shop.taxRate.put.mutate(rate);
    await shop.taxRate.putMany.mutate({ taxRates: [rate] });
    expect((await shop.taxRate.list.query()).items).toMatchObject([{ taxRateId: "de-19" }]);
    const stockId = StockId.parse("mice");
    expect((await shop.stock.set.mutate({ stocks: [{ stockId, onHand: 5 }] })).stocks).toMatchObject([{ available: 5 }]);
    expect(await shop.stock.adjust.mutate({ stockId, delta: -2 })).toMatchObject({ available: 3, onHand: 3 });
    const delivery = {
      idempotencyKey: aKey("delivery"),
      adjustments: [
        { stockId, delta: 4 },
        { stockId: StockId.parse("hats"), delta: -1 },
      ],
    };
    for (const _time of ["first", "again"])
      expect(await shop.stock.adjustMany.mutate(delivery)).toMatchObject({
        ...{ stocks: [{ stockId, onHand: 7 }], refused: [{ code: "StockTooLow", stockId: "hats" }] },
      });
    await shop.stock.adjust.mutate({ stockId, delta: -4 });
    expect((await shop.stock.get.query({ stockIds: [stockId] })).stocks).toEqual([{ stockId, available: 3, reserved: 0, onHand: 3 }]);
    await cart.setContact.mutate({ cartId: paid, email: "ada@example.com", locale: "en" });
    await cart.applyCoupon.mutate({ cartId: paid, code: tenPercent.code });
    const [country, shippingMethodId] = [vat.country, standard.shippingMethodId];
    const quoted = await cart.quote.mutate({ cartId: paid, country, shippingMethodId });
    expect(quoted.quote.totals).toMatchObject({ subtotal: eur(1_999), discount: eur(200), shipping: eur(490), total: eur(2_289) });
    const { explanation } = await cart.explain.query({ cartId: paid, country, shippingMethodId });
    expect(explanation).toMatchObject({ rule: "total", amount: eur(2_289) });
    await cart.removeCoupon.mutate({ cartId: paid, code: tenPercent.code });
    await shop.coupon.retire.mutate({ code: tenPercent.code });
    await shop.shippingMethod.retire.mutate({ shippingMethodId });
    await shop.taxRate.retire.mutate({ taxRateId: vat.taxRateId });
    const { privacy } = service.trpc(adas);
    expect(JSON.stringify(await privacy.export.query())).toContain("ada@example.com");
    const support = service.trpc(await signIn("support@example.com"));
    const search = { by: { field: "email", value: "ada@example.com" }, reason: "a letter came back" } as const;
    expect(await support.privacy.find.mutate(search)).toEqual({ subjects: ["user-123"] });
    expect(await privacy.forget.mutate()).toMatchObject({ subject: "user-123" });
    expect(await support.privacy.find.mutate(search)).toEqual({ subjects: [] });
    expect(JSON.stringify(await privacy.export.query())).not.toContain("ada@example.com");
    const notification = await anybody.auth.serviceToken.mutate({ service: "notification", secret: "development-notification" });
    const sealed = Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`);
    const opening = service.trpc(notification.token).privacy.open.mutate({ values: [{ field: "email", sealed }] });
    expect(await opening).toEqual({ values: [null] });
    const { log } = service.trpc(projector.token);
    const { heads } = await log.heads.query();
    const cursors = heads.map((_, shard) => ({ shard, after: "0" }));
    const { events } = await log.read.query({ cursors, limit: 100 });
    expect(BigInt(events.length)).toBe(heads.reduce((sum, head) => sum + head, 0n));
    const stored = await log.stream.query({ streamId: `cart-${paid}`, after: 1, limit: 100 });
    expect(stored.events.length).toBeGreaterThan(1);
    expect(events).toEqual(expect.arrayContaining([...stored.events]));
    const { parked } = service.trpc(await service.operator());
    const stream = { group: "cart.checkouts", log: "billing", streamId: `payment-${checkoutId}` };
    expect(await parked.list.query()).toEqual({ streams: [] });
    expect(await parked.inspect.query(stream)).toEqual({ events: [] });
    expect(await refusalOf(parked.retry.mutate(stream))).toEqual({ code: "NotFound" });
    const decision = { ...stream, eventId: crypto.randomUUID(), reason: "nobody wrote this" };
    expect(await refusalOf(parked.discard.mutate(decision))).toEqual({ code: "NotFound" });
    expect(await anybody.auth.signOut.mutate({ refreshToken: renewed.refreshToken })).toEqual({});

    const called = new Set(service.asked.map((line) => line.split("/trpc/")[1]));
    const overSocketsOnly = ["cart.live", "checkout.live", "order.live"];
    expect(Object.keys(cartServiceRouter._def.procedures).filter((path) => !called.has(path) && !overSocketsOnly.includes(path))).toEqual(
      [],
    );
  },
  patience,
);

test(
  "every route does what it says",
  async () => {
    await using service = await startService();
    const ask = async (status: number, line: string, request: Parameters<typeof service.rest>[2] = {}) => {
      const [method = "", path = ""] = line.split(" ");
      const response = await service.rest(method, path, request);
      expect([line, response.status]).toEqual([line, status]);
      return response.status === 204 ? {} : response.json();
    };
    const merchant = await ask(200, "POST /api/auth/sign-in", { body: { email: "merchant@example.com", password } });
    const products = testProducts.map(({ productId, product }) => ({ productId, ...product }));
    await service.trpc(merchant.token).catalog.putMany.mutate({ products });

    const guest = await ask(200, "POST /api/auth/guest");
    const { token, refreshToken } = await ask(200, "POST /api/auth/refresh", { body: { refreshToken: guest.refreshToken } });
    expect((await ask(200, "GET /api/catalog?currency=USD")).items).toMatchObject([
      { productId: laptop, price: { amountMinor: 27_000_000 } },
    ]);
    const cartId = aCartId();
    const cart = `/api/cart/${cartId}`;
    await ask(201, `POST ${cart}/items`, { token, body: { productId: mouse, quantity: 2 } });
    await ask(200, `PATCH ${cart}/items/mouse`, { token, body: { quantity: 4 }, headers: { "if-match": '"2"' } });
    await ask(200, `DELETE ${cart}/items/mouse`, { token });
    await ask(200, `POST ${cart}/undo`, { token });
    expect(await ask(200, `GET /api/cart/view/${cartId}?atLeastVersion=5`, { token })).toMatchObject({
      version: 5,
      items: [{ quantity: 4 }],
    });
    expect((await ask(200, `GET ${cart}/events?after=2&limit=2`, { token })).events).toHaveLength(2);
    expect(await ask(200, "GET /api/cart", { token })).toMatchObject({ cartId });
    expect(await ask(200, "GET /api/carts", { token })).toMatchObject({ nextCursor: null });

    const { quoteHash } = await ask(200, `POST ${cart}/quote`, { token, body: {} });
    await ask(422, `PUT ${cart}/coupons/nobody`, { token });
    await ask(200, `DELETE ${cart}/coupons/nobody`, { token });
    const paying = { cartId, quoteHash, contact: { email: "ada@example.com", locale: "en" }, paymentToken: "pm_card_visa" };
    const { checkoutId } = await ask(201, "POST /api/checkout", { token, body: paying });
    expect(await ask(200, `GET /api/checkout/${checkoutId}`, { token })).toMatchObject({ checkoutId, status: "Started" });
    expect(await ask(200, `DELETE /api/checkout/${checkoutId}`, { token })).toMatchObject({ checkoutId, failure: "Cancelled" });
    expect(await ask(200, "GET /api/orders", { token })).toEqual({ items: [], nextCursor: null });
    await ask(404, `GET /api/orders/${checkoutId}`, { token });

    const ada = (await ask(200, "POST /api/auth/sign-in", { body: { email: "ada@example.com", password } })).token;
    const into = aCartId();
    await ask(200, `POST /api/cart/${into}/merge`, { token: ada, body: { guestToken: token, guestCartId: cartId } });
    await ask(200, `DELETE /api/cart/${into}/items`, { token: ada });
    await ask(200, `DELETE /api/cart/${into}`, { token: ada });
    await ask(204, "GET /api/cart", { token: ada });
    await ask(204, "POST /api/auth/sign-out", { body: { refreshToken } });

    const patterns = restRoutes.map(({ method, path }) => `^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    expect(
      patterns.filter((pattern) => !pattern.includes("/live") && !service.asked.some((line) => new RegExp(pattern).test(line))),
    ).toEqual([]);
  },
  patience,
);
