import { describe, expect, test } from "vitest";
import { aCartId, cartUnderTest, mouse, refusalOf } from "../spec.ts";

const ada = { email: "ada@example.com", password: "password" };

describe("auth.guest", () => {
  test("makes a guest of anybody, whose token opens a cart", async () => {
    await using cart = await cartUnderTest();
    const guest = await cart.trpc().auth.guest.mutate();
    expect(guest).toEqual({
      token: expect.any(String),
      refreshToken: expect.any(String),
      subject: expect.stringMatching(/^guest-/),
      expiresAt: expect.any(Date),
    });
    const cartId = aCartId();
    await cart.trpc(guest.token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    expect(await cart.trpc(guest.token).cart.view.query({ cartId })).toMatchObject({ owner: guest.subject, ownerKind: "guest" });
  });

  test("is the same guest after a refresh, with the same carts", async () => {
    await using cart = await cartUnderTest();
    const guest = await cart.trpc().auth.guest.mutate();
    const cartId = aCartId();
    await cart.trpc(guest.token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    const again = await cart.trpc().auth.refresh.mutate({ refreshToken: guest.refreshToken });
    expect(again.subject).toBe(guest.subject);
    expect(await cart.trpc(again.token).cart.view.query({ cartId })).toMatchObject({ version: 2 });
  });
});

describe("auth.signIn", () => {
  test("knows an account by its e-mail in any case", async () => {
    await using cart = await cartUnderTest();
    expect(await cart.trpc().auth.signIn.mutate({ ...ada, email: " ADA@example.com" })).toMatchObject({ subject: "user-ada" });
  });

  test.each([
    ["a wrong password", { ...ada, password: "battery staple" }, { code: "InvalidCredentials" }],
    ["an unknown e-mail", { ...ada, email: "nobody@example.com" }, { code: "InvalidCredentials" }],
    ["no e-mail", { ...ada, email: "ada" }, { code: "InvalidInput" }],
    ["no password", { ...ada, password: "" }, { code: "InvalidInput" }],
    ["a password longer than anybody's", { ...ada, password: "x".repeat(1_025) }, { code: "InvalidInput" }],
  ])("refuses %s", async (_, credentials, refusal) => {
    await using cart = await cartUnderTest();
    expect(await refusalOf(cart.trpc().auth.signIn.mutate(credentials))).toEqual(refusal);
  });

  test("says how long to wait after too many mistakes", async () => {
    await using cart = await cartUnderTest();
    const guess = () => refusalOf(cart.trpc().auth.signIn.mutate({ ...ada, password: "guess" }));
    for (let mistake = 0; mistake < 5; mistake++) expect(await guess()).toEqual({ code: "InvalidCredentials" });
    expect(await guess()).toEqual({ code: "TooManyAttempts", retryAfterMs: expect.any(Number) });
    const headers = { "content-type": "application/json" };
    const again = await cart.app.request("/trpc/auth.signIn", { method: "POST", headers, body: JSON.stringify({ json: { ...ada } }) });
    expect([again.status, again.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^[1-9]\d*$/)]);
  });
});

describe("auth.refresh and auth.signOut", () => {
  test("a session that was signed out gives no tokens and its access token is refused as revoked", async () => {
    await using cart = await cartUnderTest();
    const { token, refreshToken } = await cart.trpc().auth.signIn.mutate(ada);
    await cart.trpc().auth.signOut.mutate({ refreshToken });
    expect(await refusalOf(cart.trpc().auth.refresh.mutate({ refreshToken }))).toEqual({
      code: "TokenInvalid",
      token: "refresh",
      reason: "revoked",
    });
    expect(await refusalOf(cart.trpc(token).cart.current.query())).toEqual({ code: "Unauthenticated", reason: "revoked" });
    expect(await refusalOf(cart.trpc(token).catalog.list.query())).toEqual({ code: "Unauthenticated", reason: "revoked" });
  });

  test("what is no refresh token is refused as such", async () => {
    await using cart = await cartUnderTest();
    const malformed = { code: "TokenInvalid", token: "refresh", reason: "malformed" };
    expect(await refusalOf(cart.trpc().auth.refresh.mutate({ refreshToken: "made up" }))).toEqual(malformed);
    expect(await refusalOf(cart.trpc().auth.signOut.mutate({ refreshToken: "made up" }))).toBeNull();
  });
});

test("auth.serviceToken gives a service nothing without its secret", async () => {
  await using cart = await cartUnderTest();
  const asked = cart.trpc().auth.serviceToken.mutate({ service: "billing", secret: "guess" });
  expect(await refusalOf(asked)).toEqual({ code: "InvalidCredentials" });
});
