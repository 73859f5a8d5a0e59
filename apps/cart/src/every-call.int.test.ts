import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { startCart } from "./compose.ts";
import { cartConfig } from "./config.ts";
import { restRoutes } from "./rest/rest-routes.ts";
import { cartServiceRouter } from "./router.ts";
import { aCartId, clientsOf, laptop, mouse, refusalOf, testProducts } from "./spec.ts";
import { prepareDatabase } from "./testing/prepare-database.ts";

/** The service over real HTTP on PostgreSQL, and what was asked of it. */
const startService = async () => {
  const db = await testDatabase({ prepare: prepareDatabase });
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR" });
  const running = await startCart({ config, postgres: db.options, logger: silentLogger });
  const asked: string[] = [];
  const recording = (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return fetch(request);
  };
  return {
    ...clientsOf(recording, running.url),
    asked,
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
    const { checkoutId } = await checkout.start.mutate({ cartId: paid, paymentToken: PaymentToken.parse("pm_card_visa") });
    expect(await checkout.status.query({ checkoutId })).toMatchObject({ cartId: paid, status: "Started" });
    expect(await refusalOf(checkout.confirmAction.mutate({ checkoutId }))).toMatchObject({ code: "NoActionRequired", status: "Started" });
    expect(await checkout.cancel.mutate({ checkoutId })).toMatchObject({ checkoutId, status: "Failed", failure: "Cancelled" });
    const { order } = service.trpc(adas);
    const orderId = orderIdOf(checkoutId);
    expect((await order.list.query()).items).toEqual([]);
    expect(await refusalOf(order.get.query({ orderId }))).toEqual({ code: "OrderNotFound", orderId });
    expect(await refusalOf(order.cancel.mutate({ orderId }))).toEqual({ code: "OrderNotFound", orderId });
    const { log } = service.trpc(projector.token);
    const { heads } = await log.heads.query();
    const cursors = heads.map((_, shard) => ({ shard, after: "0" }));
    const { events } = await log.read.query({ cursors, limit: 100 });
    expect(BigInt(events.length)).toBe(heads.reduce((sum, head) => sum + head, 0n));
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
