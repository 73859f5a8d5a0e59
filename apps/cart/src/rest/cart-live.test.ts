import { expect, test } from "vitest";
import { aCartId, type CartUnderTest, cartUnderTest, mouse, type RestRequest } from "../spec.ts";

const shopping = async () => {
  const clock = { aheadMs: 0 };
  const cart = await cartUnderTest({ now: () => new Date(Date.now() + clock.aheadMs) });
  const token = await cart.token("ada");
  const cartId = aCartId();
  const add = async () => cart.trpc(await cart.token("ada")).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  return { cart, clock, token, cartId, add };
};

type Told = { readonly id: string; readonly event: string; readonly data: unknown };

/** Follows a cart as a program would that knows nothing but server-sent events. */
const follow = async (cart: CartUnderTest, path: string, request: RestRequest) => {
  const response = await cart.rest("GET", path, request);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<Told | undefined> => {
    for (;;) {
      const [block, ...rest] = text.split("\n\n");
      if (rest.length > 0) {
        text = rest.join("\n\n");
        const [, id = "", event = "", data = ""] = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)$/.exec(block ?? "") ?? [];
        if (event !== "") return { id, event, data: JSON.parse(data) };
        continue;
      }
      const read = await reader?.read();
      if (!read || read.done) return undefined;
      text += read.value;
    }
  };
  return { response, next, [Symbol.asyncDispose]: async () => reader?.cancel() };
};

test("a cart is told at once, and then each change, with the version as the id", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  await using follower = await follow(cart, `/api/cart/${cartId}/live`, { token });
  expect(follower.response.status).toBe(200);
  expect(follower.response.headers.get("content-type")).toBe("text/event-stream");
  expect(follower.response.headers.get("cache-control")).toBe("no-store");
  expect(await follower.next()).toMatchObject({
    id: "2",
    event: "snapshot",
    data: { version: 2, snapshot: { cartId, lines: [{ quantity: 1 }] } },
  });
  await add();
  expect(await follower.next()).toMatchObject({
    id: "3",
    event: "change",
    data: { version: 3, position: expect.stringMatching(/^\d+$/), event: { type: "ItemAddedToCart" }, actor: { subject: "user-ada" } },
  });
});

test("who comes with the last id is told what happened since", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  await add();
  await using follower = await follow(cart, `/api/cart/${cartId}/live`, { token, headers: { "last-event-id": "2" } });
  expect(await follower.next()).toMatchObject({ id: "3", event: "change" });
});

test("somebody else's cart is as one that is not there", async () => {
  const { cart, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  await using follower = await follow(cart, `/api/cart/${cartId}/live`, { token: await cart.token("grace") });
  expect(await follower.next()).toEqual({ id: "0", event: "snapshot", data: { kind: "snapshot", version: 0, snapshot: null } });
});

test("support follows it with a reason, and otherwise not", async () => {
  const { cart, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  const token = await cart.token("support");
  const refused = await cart.rest("GET", `/api/cart/${cartId}/live`, { token });
  expect(await refused.json()).toMatchObject({ status: 400, refusal: { code: "ReasonMissing" } });
  await using follower = await follow(cart, `/api/cart/${cartId}/live?reason=ticket%207`, { token });
  expect(await follower.next()).toMatchObject({ id: "2", event: "snapshot" });
});

test("a token that has expired is told nothing more but that", async () => {
  const { cart, clock, token, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  await using follower = await follow(cart, `/api/cart/${cartId}/live`, { token });
  await follower.next();
  clock.aheadMs = 700_000;
  await add();
  expect(await follower.next()).toEqual({ id: "", event: "refusal", data: { code: "Unauthenticated", reason: "expired" } });
  expect(await follower.next()).toBe(undefined);
});

test("who is nobody, or asks for no cart, is told so before anything else", async () => {
  const { cart, token, cartId } = await shopping();
  await using _ = cart;
  expect((await cart.rest("GET", `/api/cart/${cartId}/live`)).status).toBe(401);
  expect((await cart.rest("GET", "/api/cart/nonsense/live", { token })).status).toBe(400);
  expect((await cart.rest("HEAD", `/api/cart/${cartId}/live`, { token })).status).toBe(200);
});

test("a follower is cut off when the service stops", async () => {
  const { cart, token, cartId } = await shopping();
  await using _ = cart;
  await using follower = await follow(cart, `/api/cart/${cartId}/live`, { token });
  await follower.next();
  const next = follower.next();
  cart.stopLive();
  expect(await next).toBe(undefined);
});
