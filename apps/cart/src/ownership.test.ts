import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, OrderId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { describe, expect, test } from "vitest";
import { restRoutes } from "./rest/rest-routes.ts";
import { cartServiceRouter } from "./router.ts";
import { aCartId, agreed, type CartUnderTest, cartUnderTest, laptop, merchant, mouse, refusalOf } from "./spec.ts";

const correlationId = "the-same-for-both";
const anId = "00000000-0000-4000-8000-000000000000";

/** Every procedure on a cart that is there, with an input that would be good for the owner. */
const procedures: Record<string, { type: "query" | "mutation"; input: (cartId: CartId) => object }> = {
  "cart.setQuantity": { type: "mutation", input: (cartId) => ({ cartId, productId: mouse, quantity: 3, expectedVersion: 1 }) },
  "cart.removeItem": { type: "mutation", input: (cartId) => ({ cartId, productId: mouse, idempotencyKey: "k" }) },
  "cart.clear": { type: "mutation", input: (cartId) => ({ cartId, expectedVersion: 2 }) },
  "cart.cancel": { type: "mutation", input: (cartId) => ({ cartId }) },
  "checkout.start": {
    type: "mutation",
    input: (cartId) => ({ cartId, paymentToken: "pm_card_visa", quoteHash: `${"A".repeat(22)}.${"B".repeat(22)}.0` }),
  },
  "cart.applyCoupon": { type: "mutation", input: (cartId) => ({ cartId, code: "WELCOME10" }) },
  "cart.removeCoupon": { type: "mutation", input: (cartId) => ({ cartId, code: "WELCOME10" }) },
  "cart.setContact": { type: "mutation", input: (cartId) => ({ cartId, email: "ada@example.com", locale: "en" }) },
  "cart.explain": { type: "query", input: (cartId) => ({ cartId }) },
  "cart.quote": { type: "mutation", input: (cartId) => ({ cartId }) },
  "cart.undo": { type: "mutation", input: (cartId) => ({ cartId }) },
  "cart.view": { type: "query", input: (cartId) => ({ cartId, atLeastVersion: 99 }) },
  "cart.at": { type: "query", input: (cartId) => ({ cartId, version: 99 }) },
  "cart.history": { type: "query", input: (cartId) => ({ cartId, after: 99 }) },
};

/** They would open a cart that is not there, wait for it (`live-cart.test.ts` compares that), or name none. */
const notAboutOneThatIsThere = ["cart.open", "cart.addItem", "cart.merge", "cart.live", "cart.current", "cart.list", "order.list"];

const routes: Record<string, { path: (cartId: CartId) => string; body?: object; headers?: Record<string, string> }> = {
  setQuantity: { path: (cartId) => `/api/cart/${cartId}/items/mouse`, body: { quantity: 3 }, headers: { "if-match": '"1"' } },
  removeItem: { path: (cartId) => `/api/cart/${cartId}/items/mouse`, headers: { "if-match": "*" } },
  clearCart: { path: (cartId) => `/api/cart/${cartId}/items`, headers: { "idempotency-key": "k" } },
  cancelCart: { path: (cartId) => `/api/cart/${cartId}` },
  undoRemoval: { path: (cartId) => `/api/cart/${cartId}/undo` },
  applyCoupon: { path: (cartId) => `/api/cart/${cartId}/coupons/WELCOME10` },
  removeCoupon: { path: (cartId) => `/api/cart/${cartId}/coupons/WELCOME10` },
  viewCart: { path: (cartId) => `/api/cart/view/${cartId}?atLeastVersion=99`, headers: { "if-none-match": '"2"' } },
  cartHistory: { path: (cartId) => `/api/cart/${cartId}/events?after=99` },
};

/** All of an answer, with the id that was asked for left out. */
const whole = async (response: Response, cartId: CartId) => ({
  status: response.status,
  headers: [...response.headers].filter(([name]) => name !== "date").toSorted(),
  body: (await response.text()).replaceAll(cartId, anId),
});

const ownedByAda = async (cart: CartUnderTest) => {
  const cartId = aCartId();
  await cart.trpc(await cart.token("ada")).cart.addItem.mutate({ cartId, productId: mouse, quantity: 2 });
  return cartId;
};

const callProcedure = (
  cart: CartUnderTest,
  token: string,
  [path, { type, input }]: [string, (typeof procedures)[string]],
  cartId: CartId,
) => {
  const json = { json: input(cartId) };
  const headers = { "x-correlation-id": correlationId };
  if (type === "mutation") return cart.rest("POST", `/trpc/${path}`, { token, body: json, headers });
  return cart.rest("GET", `/trpc/${path}?input=${encodeURIComponent(JSON.stringify(json))}`, { token, headers });
};

describe("a foreign cart cannot be told from one that is not there", () => {
  test("by no procedure", async () => {
    await using cart = await cartUnderTest();
    const [foreign, missing, token] = [await ownedByAda(cart), aCartId(), await cart.token("grace")];
    for (const procedure of Object.entries(procedures)) {
      const answers = [foreign, missing].map(async (cartId) => whole(await callProcedure(cart, token, procedure, cartId), cartId));
      const [ofForeign, ofMissing] = await Promise.all(answers);
      expect(ofForeign).toEqual(ofMissing);
      expect(ofForeign?.body).toContain('"code":"CartNotFound"');
    }
  });

  test("by no route", async () => {
    await using cart = await cartUnderTest();
    const [foreign, missing, token] = [await ownedByAda(cart), aCartId(), await cart.token("grace")];
    for (const [id, { path, body, headers }] of Object.entries(routes)) {
      const method = restRoutes.find((route) => route.id === id)?.method.toUpperCase() ?? "";
      const ask = async (cartId: CartId) =>
        whole(
          await cart.rest(method, path(cartId), {
            token,
            ...(body && { body }),
            headers: { "x-correlation-id": correlationId, ...headers },
          }),
          cartId,
        );
      const [ofForeign, ofMissing] = [await ask(foreign), await ask(missing)];
      expect(ofForeign).toEqual(ofMissing);
      expect(ofForeign.status).toBe(404);
    }
  });

  test("in no batch, whatever stands beside it", async () => {
    await using cart = await cartUnderTest();
    const [foreign, missing, token] = [await ownedByAda(cart), aCartId(), await cart.token("grace")];
    const own = aCartId();
    await cart.trpc(token).cart.addItem.mutate({ cartId: own, productId: mouse, quantity: 1 });
    for (const type of ["query", "mutation"] as const) {
      const calls = Object.entries(procedures).filter(([, procedure]) => procedure.type === type);
      const ask = async (cartId: CartId) => {
        const beside = type === "query" ? ["cart.view", { cartId: own }] : ["cart.removeItem", { cartId: own, productId: "none" }];
        const inputs = [...calls.map(([, { input }]) => input(cartId)), beside[1]].map((json, index) => [index, { json }]);
        const path = `/trpc/${[...calls.map(([name]) => name), beside[0]].join(",")}?batch=1`;
        const body = Object.fromEntries(inputs);
        const headers = { "x-correlation-id": correlationId };
        return type === "mutation"
          ? cart.rest("POST", path, { token, body, headers })
          : cart.rest("GET", `${path}&input=${encodeURIComponent(JSON.stringify(body))}`, { token, headers });
      };
      const [ofForeign, ofMissing] = [await whole(await ask(foreign), foreign), await whole(await ask(missing), missing)];
      expect(ofForeign).toEqual(ofMissing);
      expect(JSON.parse(ofForeign.body)).toHaveLength(calls.length + 1);
      expect(JSON.parse(ofForeign.body).at(-1)).toHaveProperty("result");
    }
  });

  test("and none of it changed anything", async () => {
    await using cart = await cartUnderTest();
    const cartId = await ownedByAda(cart);
    const token = await cart.token("grace");
    for (const procedure of Object.entries(procedures)) await callProcedure(cart, token, procedure, cartId);
    expect(await cart.trpc(await cart.token("ada")).cart.view.query({ cartId })).toMatchObject({ version: 2, status: "Open" });
  });
});

/** What is asked about a checkout or an order, by the checkout's id; nothing says whether there is one of somebody else. */
const ofCheckouts: Record<string, { type: "query" | "mutation" | "subscription"; input: (id: string) => object }> = {
  "checkout.status": { type: "query", input: (checkoutId) => ({ checkoutId }) },
  "checkout.live": { type: "subscription", input: (checkoutId) => ({ checkoutId, lastEventId: "1" }) },
  "checkout.confirmAction": { type: "mutation", input: (checkoutId) => ({ checkoutId }) },
  "checkout.cancel": { type: "mutation", input: (checkoutId) => ({ checkoutId, idempotencyKey: "k" }) },
  "order.get": { type: "query", input: (orderId) => ({ orderId }) },
  "order.live": { type: "subscription", input: (orderId) => ({ orderId }) },
  "order.cancel": { type: "mutation", input: (orderId) => ({ orderId, restock: true }) },
};

const routesOfCheckouts: Record<string, (id: string) => string> = {
  getCheckout: (id) => `/api/checkout/${id}`,
  cancelCheckout: (id) => `/api/checkout/${id}`,
  getOrder: (id) => `/api/orders/${id}`,
};

/** Ada's carts: one that is being paid, one whose first attempt has failed, one that is an order. */
const paidByAda = async (cart: CartUnderTest) => {
  const ada = cart.trpc(await cart.token("ada"));
  const all = {
    discount: { kind: "percentage", ratePpm: 1_000_000 } as const,
    validFrom: null,
    validUntil: null,
    minimum: [],
    products: null,
  };
  await cart.services.shop.putMany("coupon", merchant, [
    { id: CouponCode.parse("ALL"), data: { ...all, maxUses: null, maxUsesPerCustomer: null } },
  ]);
  const begin = async (code?: CouponCode) => {
    const cartId = await ownedByAda(cart);
    if (code) await ada.cart.applyCoupon.mutate({ cartId, code });
    return ada.checkout.start.mutate(await agreed(ada, { cartId, paymentToken: PaymentToken.parse("pm_card_visa") }));
  };
  const [running, failed, ordered] = [await begin(), await begin(), await begin(CouponCode.parse("ALL"))];
  await ada.checkout.cancel.mutate({ checkoutId: failed.checkoutId });
  return { ada, ids: [running, failed, ordered].map(({ checkoutId }) => checkoutId), ordered: ordered.checkoutId };
};

const noCheckout = checkoutIdOf(CartId.parse(anId), 1);

describe("a foreign checkout and a foreign order cannot be told from one that is not there", () => {
  const wholeOf = async (response: Response, id: string) => {
    const { status, headers } = response;
    // A stream goes on: what it begins with is the refusal, or it has told something.
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let body = "";
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      body += read.value;
      if (body.includes('"refusal"')) break;
    }
    await reader?.cancel();
    return { status, headers: [...headers].filter(([name]) => name !== "date").toSorted(), body: body.replaceAll(id, noCheckout) };
  };

  test("by no procedure", async () => {
    await using cart = await cartUnderTest();
    const { ids } = await paidByAda(cart);
    const token = await cart.token("grace");
    for (const [path, { type, input }] of Object.entries(ofCheckouts)) {
      const ask = async (id: string) => {
        const json = { json: input(id) };
        const headers = { "x-correlation-id": correlationId };
        const url = `/trpc/${path}`;
        const answer =
          type === "mutation"
            ? cart.rest("POST", url, { token, body: json, headers })
            : cart.rest("GET", `${url}?input=${encodeURIComponent(JSON.stringify(json))}`, { token, headers });
        return wholeOf(await answer, id);
      };
      const missing = await ask(noCheckout);
      expect(missing.body).toMatch(/"code":"(?:CheckoutNotFound|OrderNotFound)"/);
      for (const id of ids) expect([path, await ask(id)]).toEqual([path, missing]);
    }
  });

  test("by no route, and no cart is quoted or paid for by somebody else", async () => {
    await using cart = await cartUnderTest();
    const { ids } = await paidByAda(cart);
    const token = await cart.token("grace");
    const headers = { "x-correlation-id": correlationId };
    for (const [id, path] of Object.entries(routesOfCheckouts)) {
      const method = restRoutes.find((route) => route.id === id)?.method.toUpperCase() ?? "";
      const ask = async (checkoutId: string) => wholeOf(await cart.rest(method, path(checkoutId), { token, headers }), checkoutId);
      const missing = await ask(noCheckout);
      expect(missing.status).toBe(404);
      for (const each of ids) expect([id, await ask(each)]).toEqual([id, missing]);
    }
    const foreign = await ownedByAda(cart);
    const quoteHash = `${"A".repeat(22)}.${"B".repeat(22)}.0`;
    const pay = (cartId: string) => cart.rest("POST", "/api/checkout", { token, headers, body: { cartId, quoteHash } });
    const quote = (cartId: string) => cart.rest("POST", `/api/cart/${cartId}/quote`, { token, headers, body: {} });
    for (const ask of [pay, quote]) {
      const missing = await whole(await ask(anId), CartId.parse(anId));
      expect(missing.status).toBe(404);
      expect(await whole(await ask(foreign), foreign)).toEqual(missing);
    }
  });

  test("and none of it changed anything", async () => {
    await using cart = await cartUnderTest();
    const { ids, ada, ordered } = await paidByAda(cart);
    const grace = cart.trpc(await cart.token("grace"));
    const before = await Promise.all(ids.map((checkoutId) => ada.checkout.status.query({ checkoutId })));
    for (const checkoutId of ids) {
      expect(await refusalOf(grace.checkout.cancel.mutate({ checkoutId }))).toEqual({ code: "CheckoutNotFound", checkoutId });
      const orderId = OrderId.parse(checkoutId);
      expect(await refusalOf(grace.order.cancel.mutate({ orderId }))).toEqual({ code: "OrderNotFound", orderId });
    }
    expect(await Promise.all(ids.map((checkoutId) => ada.checkout.status.query({ checkoutId })))).toEqual(before);
    expect(await ada.order.get.query({ orderId: OrderId.parse(ordered) })).toMatchObject({ status: "paid" });
  });
});

describe("where a missing cart would be opened, a foreign one is not found", () => {
  test("by open, addItem and merge", async () => {
    await using cart = await cartUnderTest();
    const cartId = await ownedByAda(cart);
    const grace = cart.trpc(await cart.token("grace"));
    const [guestToken, guestCartId] = [await cart.guest(), aCartId()];
    await cart.trpc(guestToken).cart.addItem.mutate({ cartId: guestCartId, productId: mouse, quantity: 1 });
    const notFound = { code: "CartNotFound", cartId };
    expect(await refusalOf(grace.cart.open.mutate({ cartId }))).toEqual(notFound);
    expect(await refusalOf(grace.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1, expectedVersion: 2 }))).toEqual(notFound);
    expect(await refusalOf(grace.cart.merge.mutate({ cartId, guestToken, guestCartId, expectedVersion: 2 }))).toEqual(notFound);
  });

  test("also before anything is said of the product, the price or the version", async () => {
    await using cart = await cartUnderTest();
    const cartId = await ownedByAda(cart);
    const grace = cart.trpc(await cart.token("grace"));
    const notFound = { code: "CartNotFound", cartId };
    for (const fields of [{ productId: "nothing" }, { price: 1 }, { currency: "USD" }, { quantity: 10_000 }, { expectedVersion: 7 }]) {
      const add = { cartId, productId: mouse, quantity: 1, ...fields } as Parameters<typeof grace.cart.addItem.mutate>[0];
      expect(await refusalOf(grace.cart.addItem.mutate(add))).toEqual(notFound);
    }
  });
});

describe("support", () => {
  const support = async () => {
    const cart = await cartUnderTest();
    return { cart, cartId: await ownedByAda(cart), helper: cart.trpc(await cart.token("support")), token: await cart.token("support") };
  };
  const reason = "ticket 42: the shopper cannot empty the cart";

  test("reads any cart with a reason, and each look is recorded", async () => {
    const { cart, cartId, helper } = await support();
    await using _ = cart;
    expect(await refusalOf(helper.cart.view.query({ cartId }))).toEqual({ code: "ReasonMissing" });
    expect(await helper.cart.view.query({ cartId, reason })).toMatchObject({ owner: "user-ada" });
    expect(await helper.cart.at.query({ cartId, version: 1, reason })).toMatchObject({ version: 1, items: [] });
    expect(await helper.cart.history.query({ cartId, reason })).toMatchObject({ version: 2 });
    expect(cart.supportReads).toMatchObject(
      ["view", "at", "history"].map((question) => ({ cartId, actor: "user-support", reason, question })),
    );
  });

  test("edits any cart with a reason, which stands beside the events", async () => {
    const { cart, cartId, helper } = await support();
    await using _ = cart;
    expect(await refusalOf(helper.cart.clear.mutate({ cartId }))).toEqual({ code: "ReasonMissing" });
    await helper.cart.clear.mutate({ cartId, reason });
    await helper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1, reason });
    const { events } = await cart.trpc(await cart.token("ada")).cart.history.query({ cartId, after: 2 });
    expect(events.map(({ type, actor }) => [type, actor])).toEqual(
      ["CartCleared", "ItemAddedToCart"].map((type) => [type, { subject: "user-support", kind: "support", reason }]),
    );
  });

  test("shops for itself without one", async () => {
    const { cart, helper } = await support();
    await using _ = cart;
    const own = aCartId();
    await helper.cart.addItem.mutate({ cartId: own, productId: mouse, quantity: 1 });
    const { events } = await helper.cart.history.query({ cartId: own });
    expect(events[0]?.actor).toEqual({ subject: "user-support", kind: "user" });
    expect(cart.supportReads).toEqual([]);
  });

  test("says why over REST in the query", async () => {
    const { cart, cartId, token } = await support();
    await using _ = cart;
    expect((await cart.rest("GET", `/api/cart/view/${cartId}`, { token })).status).toBe(400);
    expect((await cart.rest("GET", `/api/cart/view/${cartId}?reason=ticket%2042`, { token })).status).toBe(200);
    expect((await cart.rest("DELETE", `/api/cart/${cartId}/items?reason=ticket%2042`, { token })).status).toBe(200);
  });

  test("a reason gives nobody else anything", async () => {
    const { cart, cartId } = await support();
    await using _ = cart;
    const grace = cart.trpc(await cart.token("grace"));
    expect(await refusalOf(grace.cart.view.query({ cartId, reason }))).toEqual({ code: "CartNotFound", cartId });
    expect(await refusalOf(grace.cart.clear.mutate({ cartId, reason }))).toEqual({ code: "CartNotFound", cartId });
  });
});

describe("a back end with a token of the scope cart:price", () => {
  test("opens a cart for the owner that it names, at prices and with products of its own, and is the recorded actor", async () => {
    await using cart = await cartUnderTest();
    const shop = cart.trpc(await cart.token("shop"));
    const cartId = aCartId();
    const userId = "user-ada" as never;
    const productId = "bespoke" as never;
    await shop.cart.addItem.mutate({ cartId, userId, productId, productName: "Bespoke Desk", price: 120_000, quantity: 1 });
    await shop.cart.addItem.mutate({ cartId, productId: laptop, price: 1, quantity: 1 });
    const ada = cart.trpc(await cart.token("ada"));
    expect(await ada.cart.current.query()).toMatchObject({
      cartId,
      owner: "user-ada",
      ownerKind: "user",
      items: [
        { name: "Bespoke Desk", category: null, unitPrice: { amountMinor: 120_000 } },
        { name: "Gaming Laptop", category: "computers", unitPrice: { amountMinor: 1 } },
      ],
      notices: [{ code: "PriceChanged", productId: laptop }],
    });
    const { events } = await ada.cart.history.query({ cartId });
    expect(new Set(events.map(({ actor }) => JSON.stringify(actor)))).toEqual(new Set(['{"subject":"user-shop","kind":"service"}']));
  });

  test("reads and changes any cart, but not as somebody else's", async () => {
    await using cart = await cartUnderTest();
    const cartId = await ownedByAda(cart);
    const shop = cart.trpc(await cart.token("shop"));
    expect(await shop.cart.view.query({ cartId })).toMatchObject({ owner: "user-ada" });
    await shop.cart.setQuantity.mutate({ cartId, productId: mouse, quantity: 5 });
    const add = { cartId, productId: mouse, quantity: 1, userId: "user-grace" as never };
    expect(await refusalOf(shop.cart.addItem.mutate(add))).toEqual({ code: "CartNotFound", cartId });
    expect(await shop.cart.current.query({ userId: "user-ada" as never })).toMatchObject({ cartId });
    expect((await shop.cart.list.query({ userId: "user-ada" as never })).items).toMatchObject([{ cartId, owner: "user-ada" }]);
    expect((await shop.cart.list.query({ userId: "user-grace" as never })).items).toEqual([]);
  });

  test("needs a name and a price for what the catalogue does not have", async () => {
    await using cart = await cartUnderTest();
    const shop = cart.trpc(await cart.token("shop"));
    for (const fields of [{}, { price: 5 }, { productName: "Desk" }]) {
      const add = { cartId: aCartId(), productId: "bespoke" as never, quantity: 1, ...fields };
      expect(await refusalOf(shop.cart.addItem.mutate(add))).toEqual({ code: "ProductNotFound", productId: "bespoke" });
    }
  });
});

describe("no procedure forgets who may call it", () => {
  const access = routerAccess(cartServiceRouter);
  const publicOnes = [
    "auth.guest",
    "auth.refresh",
    "auth.serviceToken",
    "auth.signIn",
    "auth.signOut",
    "catalog.get",
    "catalog.list",
    "shippingMethod.list",
  ];
  const scopes: Readonly<Record<string, string>> = {
    ...{ "catalog.put": "catalog:write", "catalog.putMany": "catalog:write", "catalog.retire": "catalog:write" },
    ...{ "log.heads": "log:read", "log.read": "log:read", "log.stream": "log:read" },
    ...{ "privacy.open": "privacy:open", "privacy.find": "privacy:manage" },
    ...{ "parked.list": "ops:read", "parked.inspect": "ops:read", "parked.retry": "ops:write", "parked.discard": "ops:write" },
    ...{ "stock.set": "stock:write", "stock.adjust": "stock:write", "stock.adjustMany": "stock:write", "stock.get": "stock:write" },
    ...{ "coupon.put": "shop:write", "coupon.putMany": "shop:write", "coupon.retire": "shop:write", "coupon.list": "shop:write" },
    ...{ "shippingMethod.put": "shop:write", "shippingMethod.putMany": "shop:write", "shippingMethod.retire": "shop:write" },
    ...{ "taxRate.put": "shop:write", "taxRate.putMany": "shop:write", "taxRate.retire": "shop:write", "taxRate.list": "shop:write" },
  };

  test.each([...access.keys()])("%s", (path) => {
    if (publicOnes.includes(path)) expect(access.get(path)).toBe("public");
    else if (path in scopes) expect(access.get(path)).toEqual({ scope: scopes[path] });
    else expect(access.get(path)).toBe("subject");
  });

  test("and none on a cart is missing from the comparison above", () =>
    expect([...access.keys()].filter((path) => /^(?:cart|checkout|order)\./.test(path)).toSorted()).toEqual(
      [...Object.keys(procedures), ...Object.keys(ofCheckouts), ...notAboutOneThatIsThere].toSorted(),
    ));

  test("nor is a route", () => {
    const openOrNone = [...["quoteCart", "startCheckout", "listOrders"], "addItem", "mergeCarts", "followCart", "currentCart", "listCarts"];
    const ofCarts = restRoutes.filter(({ access: who }) => who !== "public").map(({ id }) => id);
    expect(ofCarts.toSorted()).toEqual([...Object.keys(routes), ...Object.keys(routesOfCheckouts), ...openOrNone].toSorted());
  });

  const queries = [
    "checkout.status",
    "checkout.live",
    "order.get",
    "order.list",
    "order.live",
    "privacy.export",
    "coupon.list",
    "taxRate.list",
    "stock.get",
    "log.heads",
    "log.read",
    "log.stream",
    "parked.list",
    "parked.inspect",
    "cart.view",
    "cart.current",
    "cart.list",
    "cart.at",
    "cart.history",
    "cart.live",
    "cart.explain",
  ];

  test("without a token, all but the public ones are refused", async () => {
    await using cart = await cartUnderTest();
    for (const [path, who] of access) {
      if (who === "public") continue;
      const response = queries.includes(path)
        ? await cart.rest("GET", `/trpc/${path}`)
        : await cart.rest("POST", `/trpc/${path}`, { body: { json: {} } });
      // A stream has begun when its procedure is asked, and tells it as an event.
      expect([path, response.status]).toEqual([path, path.endsWith(".live") ? 200 : 401]);
      expect(await response.text()).toContain('"refusal":{"code":"Unauthenticated","reason":"missing"}');
    }
    for (const { method, path, access: who } of restRoutes) {
      if (who === "public") continue;
      const response = await cart.rest(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, anId), method === "get" ? {} : { body: {} });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });
});
