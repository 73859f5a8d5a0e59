import { describe, expect, test } from "vitest";
import { readDocsAssets } from "./node/docs-assets.ts";
import { aCartId, cartUnderTest, mouse, refusalOf } from "./spec.ts";

describe("tRPC", () => {
  const refusalsIn = async (response: Response) => {
    const answer = await response.json();
    return [answer].flat().map(({ error }) => error?.json.data.refusal ?? null);
  };
  const addTo = (cartId: string, fields: object = {}) => ({ json: { cartId, productId: mouse, quantity: 1, ...fields } });

  test("answers each call of a batch for itself", async () => {
    await using cart = await cartUnderTest();
    const [token, cartId] = [await cart.guest(), aCartId()];
    const body = { 0: addTo(cartId), 1: addTo("no id"), 2: addTo(cartId, { price: 1 }), 3: addTo(cartId) };
    const path = `/trpc/${Array(4).fill("cart.addItem").join(",")}?batch=1`;
    expect(await refusalsIn(await cart.rest("POST", path, { token, body }))).toMatchObject([
      null,
      { code: "InvalidInput" },
      { code: "PriceChanged" },
      null,
    ]);
    expect(await cart.trpc(token).cart.view.query({ cartId })).toMatchObject({ items: [{ quantity: 2 }] });
  });

  test.each([
    ["NUL", { productName: "a\u0000b" }],
    ["a lone surrogate", { productName: "\ud800" }],
    ["a fractional quantity", { quantity: 1.5 }],
    ["a currency that is none", { currency: "XXX" }],
    ["a field too many", { colour: "red" }],
    ["a key of two words", { idempotencyKey: "two words" }],
    ["a key that is too long", { idempotencyKey: "k".repeat(129) }],
    ["a negative expectation", { expectedVersion: -1 }],
  ])("refuses %s where it stands and changes nothing", async (_, fields) => {
    await using cart = await cartUnderTest();
    const [token, cartId] = [await cart.guest(), aCartId()];
    const response = await cart.rest("POST", "/trpc/cart.addItem", { token, body: addTo(cartId, fields) });
    expect(response.status).toBe(400);
    const { data } = (await response.json()).error.json;
    expect(data.refusal).toEqual({ code: "InvalidInput" });
    expect(data.issues[0].path[0] ?? "colour").toBe(Object.keys(fields)[0]);
    expect(await cart.trpc(token).cart.current.query()).toBeNull();
  });

  test("refuses what superjson could do to an input", async () => {
    await using cart = await cartUnderTest();
    const [token, cartId] = [await cart.guest(), aCartId()];
    const body = { ...addTo(cartId, { productName: "/a/" }), meta: { values: { productName: ["regexp"] } } };
    expect(await refusalsIn(await cart.rest("POST", "/trpc/cart.addItem", { token, body }))).toEqual([{ code: "InvalidInput" }]);
  });

  test("refuses a batch or a body that is too large", async () => {
    await using cart = await cartUnderTest({ maxBatchSize: 3, bodyLimitBytes: 2_000 });
    const [token, cartId] = [await cart.guest(), aCartId()];
    const path = `/trpc/${Array(4).fill("cart.addItem").join(",")}?batch=1`;
    const body = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [index, addTo(cartId)]));
    expect(await refusalsIn(await cart.rest("POST", path, { token, body }))).toEqual([{ code: "BatchTooLarge", limit: 3 }]);
    const large = addTo(cartId, { productName: "x".repeat(3_000) });
    expect(await refusalsIn(await cart.rest("POST", "/trpc/cart.addItem", { token, body: large }))).toEqual([
      { code: "BodyTooLarge", limitBytes: 2_000 },
    ]);
    expect(await cart.trpc(token).cart.current.query()).toBeNull();
  });

  test("refuses a token that is not good, also where none is needed", async () => {
    await using cart = await cartUnderTest();
    const invalid = { code: "Unauthenticated", reason: "invalid" };
    expect(await refusalOf(cart.trpc("a.b.c").cart.current.query())).toEqual(invalid);
    expect(await refusalOf(cart.trpc("a.b.c").catalog.list.query())).toEqual(invalid);
  });

  test("carries the caller's trace and correlation id into the events", async () => {
    await using cart = await cartUnderTest();
    const [token, cartId] = [await cart.guest(), aCartId()];
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const headers = { traceparent, "x-correlation-id": "checkout-42" };
    const response = await cart.rest("POST", "/trpc/cart.addItem", { token, body: addTo(cartId), headers });
    expect(response.headers.get("x-correlation-id")).toBe("checkout-42");
    const events = await cart.log.readStream(`cart-${cartId}`);
    expect(events.map(({ metadata }) => metadata)).toMatchObject(Array(2).fill({ correlationId: "checkout-42", traceparent }));
    const bad = { traceparent: "00-zz", "x-correlation-id": "two words" };
    expect((await cart.rest("POST", "/trpc/cart.addItem", { token, body: addTo(cartId), headers: bad })).status).toBe(200);
    expect((await cart.log.readStream(`cart-${cartId}`)).at(-1)?.metadata).not.toHaveProperty("traceparent");
  });
});

describe("beside it", () => {
  test("stand the keys, the health, the document and the page", async () => {
    await using cart = await cartUnderTest({ docsAssets: await readDocsAssets() });
    const get = async (path: string) => {
      const response = await cart.rest("GET", path);
      return [response.status, response.headers.get("content-type")?.split(";")[0]];
    };
    expect(await get("/.well-known/jwks.json")).toEqual([200, "application/json"]);
    expect(await get("/health/live")).toEqual([200, "application/json"]);
    expect(await get("/health/ready")).toEqual([200, "application/json"]);
    expect(await get("/openapi.json")).toEqual([200, "application/json"]);
    expect(await get("/docs")).toEqual([200, "text/html"]);
    expect(await get("/docs/swagger-ui.js")).toEqual([200, "text/javascript"]);
    expect(await get("/nothing")).toEqual([404, "application/problem+json"]);
  });

  test("the published keys hold nothing secret", async () => {
    await using cart = await cartUnderTest();
    const { keys } = await (await cart.rest("GET", "/.well-known/jwks.json")).json();
    expect(Object.keys(keys[0]).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });

  test("pages of other origins may call where they are allowed to", async () => {
    await using cart = await cartUnderTest({ corsOrigins: ["https://shop.example"] });
    const from = async (origin: string) =>
      (await cart.rest("GET", "/api/catalog", { headers: { origin } })).headers.get("access-control-allow-origin");
    expect(await from("https://shop.example")).toBe("https://shop.example");
    expect(await from("https://evil.example")).toBeNull();
  });
});
