import { expect, test } from "vitest";
import type * as z from "zod";
import { aCartId, type CartUnderTest, cartUnderTest, laptop, mouse, type RestRequest } from "../spec.ts";
import { CartListBody, CartReplyBody, CartViewBody, CatalogBody, HistoryBody, OrderListBody, ProblemBody, TokensBody } from "./replies.ts";

/** An answer whose body is what the document says. */
const answered = async <Body>(response: Response, schema: z.ZodType<Body>) => {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: schema.parse(JSON.parse(text)) };
};

const problem = async (response: Response) => {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const { status, body } = await answered(response, ProblemBody);
  expect(body.status).toBe(status);
  if (body.refusal) expect(body.type).toBe(`urn:cartwright:refusal:${body.refusal.code}`);
  return { status, refusal: body.refusal, errors: body.errors };
};

const shopping = async () => {
  const cart = await cartUnderTest();
  const token = await cart.guest();
  const cartId = aCartId();
  const rest = (method: string, path: string, request: RestRequest = {}) => cart.rest(method, path, { token, ...request });
  const add = (body: object = {}, headers: Record<string, string> = {}) =>
    rest("POST", `/api/cart/${cartId}/items`, { body: { productId: mouse, quantity: 1, ...body }, headers });
  return { cart, token, cartId, rest, add };
};

test("adding answers 201, where the cart is, and its version as the entity tag", async () => {
  const { cart, cartId, add } = await shopping();
  await using _ = cart;
  const { status, headers, body } = await answered(await add(), CartReplyBody);
  expect([status, headers.get("etag"), headers.get("location")]).toEqual([201, '"2"', `/api/cart/view/${cartId}`]);
  expect(body).toMatchObject({ cartId, version: 2, position: expect.stringMatching(/^\d+$/), notices: [] });
});

test("the brief's own request works, for the shopper that it names and for a back end", async () => {
  await using cart = await cartUnderTest();
  const body = { userId: "user-ada", productId: "prod-456", productName: "Gaming Laptop", price: 25_000_000, quantity: 1 };
  const path = "/api/cart/123e4567-e89b-12d3-a456-426614174000/items";
  expect((await cart.rest("POST", path, { token: await cart.token("ada"), body })).status).toBe(201);
  expect((await cart.rest("POST", path, { token: await cart.token("shop"), body: { ...body, price: 24_000_000 } })).status).toBe(201);
  expect(await problem(await cart.rest("POST", path, { token: await cart.token("grace"), body }))).toMatchObject({
    status: 403,
    refusal: { code: "OwnerMismatch", userId: "user-ada" },
  });
  const view = await cart.rest("GET", "/api/cart/view/123e4567-e89b-12d3-a456-426614174000", { token: await cart.token("ada") });
  expect((await answered(view, CartViewBody)).body).toMatchObject({
    owner: "user-ada",
    items: [{ name: "Gaming Laptop", quantity: 2, unitPrice: { amountMinor: 24_000_000 } }],
  });
});

test("a shopper's price that is not the list's is a problem that tells both", async () => {
  const { cart, add } = await shopping();
  await using _ = cart;
  expect(await problem(await add({ price: 5 }))).toMatchObject({
    status: 409,
    refusal: { code: "PriceChanged", seen: { amountMinor: 5 }, list: { amountMinor: 1_999 } },
  });
});

test("quantities are set and products removed", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  await add();
  const set = await answered(await rest("PATCH", `/api/cart/${cartId}/items/mouse`, { body: { quantity: 4 } }), CartReplyBody);
  expect([set.status, set.body.version, set.headers.get("etag")]).toEqual([200, 3, '"3"']);
  const removed = await answered(await rest("DELETE", `/api/cart/${cartId}/items/mouse`), CartReplyBody);
  expect(removed.body.version).toBe(4);
  const undone = await answered(await rest("POST", `/api/cart/${cartId}/undo`), CartReplyBody);
  expect(undone.body.version).toBe(5);
  const cleared = await answered(await rest("DELETE", `/api/cart/${cartId}/items`), CartReplyBody);
  expect(cleared.body.version).toBe(6);
  const cancelled = await answered(await rest("DELETE", `/api/cart/${cartId}`), CartReplyBody);
  expect(cancelled.body.version).toBe(7);
  expect(await problem(await add())).toMatchObject({ status: 409, refusal: { code: "CartClosed", status: "Cancelled" } });
});

test("an empty cart that is cleared, and cleared again under the same key once something is in it, keeps what is in it", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  const clear = async () => {
    const cleared = await rest("DELETE", `/api/cart/${cartId}/items`, { headers: { "idempotency-key": "clear-1" } });
    return (await answered(cleared, CartReplyBody)).body;
  };
  await add();
  await rest("DELETE", `/api/cart/${cartId}/items/mouse`);
  const first = await clear();
  expect(first.version).toBe(3);
  await add();
  expect(await clear()).toEqual(first);
});

test("a guest's cart is taken over after signing in", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  const ada = await cart.token("ada");
  const into = aCartId();
  const merged = await cart.rest("POST", `/api/cart/${into}/merge`, { token: ada, body: { guestToken: token, guestCartId: cartId } });
  expect((await answered(merged, CartReplyBody)).body).toMatchObject({ cartId: into, version: 3 });
});

test("a cart is looked at, and not sent again to who has it", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  await add();
  const path = `/api/cart/view/${cartId}`;
  const view = await answered(await rest("GET", `${path}?atLeastVersion=2`), CartViewBody);
  expect([view.status, view.headers.get("etag"), view.headers.get("cache-control")]).toEqual([200, '"2"', "private, no-cache"]);
  const again = await rest("GET", path, { headers: { "if-none-match": '"2"' } });
  expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", '"2"']);
  expect((await rest("GET", path, { headers: { "if-none-match": '"1"' } })).status).toBe(200);
  const head = await rest("HEAD", path);
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String((await (await rest("GET", path)).bytes()).byteLength)]);
  expect(await problem(await rest("GET", `${path}?atLeastVersion=9`))).toMatchObject({
    status: 404,
    refusal: { code: "VersionNotReached", atLeast: 9, actual: 2 },
  });
});

test("a list shows what was just done", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  const { position } = (await answered(await add(), CartReplyBody)).body;
  const asked = `positionOf=${cartId}&atLeastPosition=${position}`;
  expect((await answered(await rest("GET", `/api/carts?${asked}`), CartListBody)).body.items).toMatchObject([{ cartId, version: 2 }]);
  expect((await answered(await rest("GET", `/api/orders?${asked}`), OrderListBody)).body.items).toEqual([]);
  expect((await rest("GET", `/api/carts?atLeastPosition=${position}`)).status).toBe(400);
});

test("what happened to a cart is read page by page", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  await add();
  await add();
  const page = await answered(await rest("GET", `/api/cart/${cartId}/events?after=1&limit=1`), HistoryBody);
  expect([page.status, page.headers.get("etag")]).toEqual([200, '"3"']);
  expect(page.body.events).toMatchObject([{ type: "ItemAddedToCart", version: 2, actor: { kind: "guest" } }]);
  expect((await answered(await rest("GET", `/api/cart/${cartId}/events`), HistoryBody)).body.events).toHaveLength(3);
});

test("the current cart is found, or none", async () => {
  const { cart, cartId, rest, add } = await shopping();
  await using _ = cart;
  const none = await rest("GET", "/api/cart");
  expect([none.status, await none.text()]).toEqual([204, ""]);
  await add();
  expect((await answered(await rest("GET", "/api/cart"), CartViewBody)).body.cartId).toBe(cartId);
  const listed = await answered(await rest("GET", "/api/carts?limit=5"), CartListBody);
  expect(listed.body).toMatchObject({ items: [{ cartId }], nextCursor: null });
});

test("the catalogue is public", async () => {
  await using cart = await cartUnderTest();
  const list = await answered(await cart.rest("GET", "/api/catalog?sort=price-asc&limit=1"), CatalogBody);
  expect(list.body.items).toMatchObject([{ productId: mouse, price: { amountMinor: 1_999, currency: "EUR" } }]);
  const next = await cart.rest("GET", `/api/catalog?sort=price-asc&limit=1&cursor=${list.body.nextCursor}`);
  expect((await answered(next, CatalogBody)).body).toMatchObject({ items: [{ productId: laptop }], nextCursor: null });
});

test("tokens are got, renewed and given back", async () => {
  await using cart = await cartUnderTest();
  const guest = await answered(await cart.rest("POST", "/api/auth/guest"), TokensBody);
  expect(guest.body.subject).toMatch(/^guest-/);
  const signedIn = await cart.rest("POST", "/api/auth/sign-in", { body: { email: "ada@example.com", password: "password" } });
  const { refreshToken } = (await answered(signedIn, TokensBody)).body;
  const renewed = await answered(await cart.rest("POST", "/api/auth/refresh", { body: { refreshToken } }), TokensBody);
  expect(renewed.body.subject).toBe("user-ada");
  const out = await cart.rest("POST", "/api/auth/sign-out", { body: { refreshToken: renewed.body.refreshToken } });
  expect([out.status, await out.text()]).toEqual([204, ""]);
  const wrong = await cart.rest("POST", "/api/auth/sign-in", { body: { email: "ada@example.com", password: "guess" } });
  expect(await problem(wrong)).toMatchObject({ status: 401, refusal: { code: "InvalidCredentials" } });
  const late = await cart.rest("POST", "/api/auth/refresh", { body: { refreshToken: renewed.body.refreshToken } });
  expect(await problem(late)).toMatchObject({ status: 401, refusal: { code: "TokenInvalid", token: "refresh" } });
});

test("a retry under the same key is answered as before; quoted or not it is the same key", async () => {
  const { cart, add } = await shopping();
  await using _ = cart;
  const first = await answered(await add({}, { "idempotency-key": "8e03978e" }), CartReplyBody);
  await add();
  const again = await answered(await add({}, { "idempotency-key": '"8e03978e"' }), CartReplyBody);
  expect([again.status, again.body, again.headers.get("etag")]).toEqual([first.status, first.body, first.headers.get("etag")]);
  expect(await problem(await add({ quantity: 2 }, { "idempotency-key": "8e03978e" }))).toMatchObject({
    status: 422,
    refusal: { code: "IdempotencyKeyReused", key: "8e03978e" },
  });
  expect(await problem(await add({}, { "idempotency-key": "two words" }))).toMatchObject({
    status: 400,
    refusal: { code: "InvalidInput" },
  });
});

test("the same command by tRPC and by REST under one key is one command", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  const first = await answered(await add({}, { "idempotency-key": "one" }), CartReplyBody);
  const input = { cartId, productId: mouse, quantity: 1, idempotencyKey: "one" as never };
  expect((await cart.trpc(token).cart.addItem.mutate(input)).version).toBe(first.body.version);
});

test("If-Match holds a command to what the shopper saw", async () => {
  const { cart, add } = await shopping();
  await using _ = cart;
  expect(await problem(await add({}, { "if-match": "*" }))).toMatchObject({ status: 404, refusal: { code: "CartNotFound" } });
  expect((await add({}, { "if-none-match": "*" })).status).toBe(201);
  expect(await problem(await add({}, { "if-none-match": "*" }))).toMatchObject({
    status: 412,
    refusal: { code: "VersionMismatch", expected: 0, actual: 2 },
  });
  expect((await add({}, { "if-match": '"2"' })).status).toBe(201);
  expect(await problem(await add({}, { "if-match": '"2"' }))).toMatchObject({
    status: 412,
    refusal: { code: "VersionMismatch", expected: 2, actual: 3 },
  });
  expect(await problem(await add({}, { "if-match": 'W/"3"' }))).toMatchObject({
    status: 412,
    refusal: { code: "VersionMismatch", expected: null, actual: 3 },
  });
  expect((await add({}, { "if-match": '"1", "3"' })).status).toBe(201);
  expect((await add({}, { "if-match": "*" })).status).toBe(201);
  expect(await problem(await add({}, { "if-match": "3" }))).toMatchObject({ status: 400, refusal: { code: "InvalidInput" } });
});

const bodies: [string, RestRequest, number, object][] = [
  ["not JSON", { body: "{" }, 400, { code: "InvalidInput" }],
  ["nothing", { body: "", headers: { "content-type": "application/json" } }, 400, { code: "InvalidInput" }],
  ["no object", { body: [] }, 400, { code: "InvalidInput" }],
  ["a form", { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } }, 415, { code: "UnsupportedMediaType" }],
  ["a field too many", { body: { productId: mouse, quantity: 1, colour: "red" } }, 400, { code: "InvalidInput" }],
  ["a field that is not for the body", { body: { productId: mouse, quantity: 1, expectedVersion: 1 } }, 400, { code: "InvalidInput" }],
  ["no quantity", { body: { productId: mouse } }, 400, { code: "InvalidInput" }],
  ["a quantity of zero", { body: { productId: mouse, quantity: 0 } }, 400, { code: "InvalidInput" }],
  ["half a piece", { body: { productId: mouse, quantity: 0.5 } }, 400, { code: "InvalidInput" }],
  ["a quantity in words", { body: { productId: mouse, quantity: "1" } }, 400, { code: "InvalidInput" }],
  ["a quantity beyond whole numbers", { body: '{"productId":"mouse","quantity":1e300}' }, 400, { code: "InvalidInput" }],
  ["more than a cart holds of one", { body: { productId: mouse, quantity: 10_000 } }, 422, { code: "TooManyOfProduct" }],
  ["no such currency", { body: { productId: mouse, quantity: 1, currency: "XXX" } }, 400, { code: "InvalidInput" }],
  [
    "a currency that the product has no price in",
    { body: { productId: mouse, quantity: 1, currency: "USD" } },
    422,
    { code: "CurrencyNotOffered" },
  ],
  ["a negative price", { body: { productId: mouse, quantity: 1, price: -1 } }, 400, { code: "InvalidInput" }],
  ["a price beyond 2^53", { body: '{"productId":"mouse","quantity":1,"price":9007199254740993}' }, 400, { code: "InvalidInput" }],
  ["NUL in the name", { body: { productId: mouse, quantity: 1, productName: "a\u0000b" } }, 400, { code: "InvalidInput" }],
  ["half a character", { body: '{"productId":"mouse","quantity":1,"productName":"\\ud800"}' }, 400, { code: "InvalidInput" }],
  ["NUL in the product's id", { body: { productId: "a\u0000", quantity: 1 } }, 400, { code: "InvalidInput" }],
  ["another prototype", { body: '{"productId":"mouse","quantity":1,"__proto__":{"price":1}}' }, 400, { code: "InvalidInput" }],
  ["more than may be sent", { body: { productId: mouse, quantity: 1, productName: "x".repeat(2_000_000) } }, 413, { code: "BodyTooLarge" }],
];

test.each(bodies)("a body that is %s is refused and changes nothing", async (_, request, status, refusal) => {
  const { cart, cartId, rest } = await shopping();
  await using __ = cart;
  expect(await problem(await rest("POST", `/api/cart/${cartId}/items`, request))).toMatchObject({ status, refusal });
  expect(await problem(await rest("GET", `/api/cart/view/${cartId}`))).toMatchObject({ status: 404 });
});

test("where an input is not valid is told", async () => {
  const { cart, add } = await shopping();
  await using _ = cart;
  expect((await problem(await add({ quantity: -1, currency: "XXX" }))).errors?.map(({ path }) => path.join("."))).toEqual([
    "quantity",
    "currency",
  ]);
});

test.each([
  ["GET", "/api/cart/view/not-a-uuid", 400],
  ["GET", "/api/cart/view/123E4567-E89B-12D3-A456-426614174000", 404],
  ["GET", "/api/cart/view/123e4567-e89b-12d3-a456-426614174000?atLeastVersion=0", 400],
  ["GET", "/api/cart/view/123e4567-e89b-12d3-a456-426614174000?atLeastVersion=1e3", 400],
  ["GET", "/api/carts?positionOf=123e4567-e89b-12d3-a456-426614174000&atLeastPosition=9999999999999999999", 400],
  ["GET", "/api/cart/view/123e4567-e89b-12d3-a456-426614174000?atleastversion=1", 400],
  ["GET", "/api/cart/123e4567-e89b-12d3-a456-426614174000/events?limit=1001", 400],
  ["GET", "/api/cart/123e4567-e89b-12d3-a456-426614174000/events?after=-1", 400],
  ["DELETE", "/api/cart/123e4567-e89b-12d3-a456-426614174000/items/a%00b", 400],
  ["DELETE", "/api/cart/123e4567-e89b-12d3-a456-426614174000/items/a%2Fb", 400],
  ["GET", "/api/carts?cursor=nonsense", 400],
  ["GET", "/api/catalog?sort=random", 400],
  ["GET", "/api/nothing", 404],
  ["PUT", "/api/cart/123e4567-e89b-12d3-a456-426614174000/items", 405],
  ["POST", "/api/catalog", 405],
])("%s %s is answered %i", async (method, path, status) => {
  const { cart, rest } = await shopping();
  await using _ = cart;
  const response = await rest(method, path);
  expect(await problem(response)).toMatchObject({ status });
  if (status === 405) expect(response.headers.get("allow")).toMatch(/^[A-Z, ]+$/);
});

test.each([
  ["no token", {}, "missing"],
  ["half a token", { authorization: "Bearer abc" }, "invalid"],
  ["another scheme", { authorization: "Basic YTpi" }, "invalid"],
])("with %s nothing is told of any cart", async (_, headers, reason) => {
  await using cart: CartUnderTest = await cartUnderTest();
  const response = await cart.rest("GET", `/api/cart/view/${aCartId()}`, { headers });
  const challenge = reason === "missing" ? "Bearer" : 'Bearer error="invalid_token", error_description="the access token is invalid"';
  expect(response.headers.get("www-authenticate")).toBe(challenge);
  expect(await problem(response)).toMatchObject({ status: 401, refusal: { code: "Unauthenticated", reason } });
});
