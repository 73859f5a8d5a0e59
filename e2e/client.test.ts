import { type CartwrightClientOptions, createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId } from "@cartwright/client/ids";
import { isRefusal } from "@cartwright/client/is-refusal";
import type { LiveCart } from "@cartwright/client/live-cart";
import { serveCart } from "@cartwright/infra/client-package/serve-cart";
import { afterEach, describe, expect, test } from "vitest";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});

const clientOf = (options: CartwrightClientOptions) => {
  const client = createCartwrightClient(options);
  opened.push(client);
  return client;
};

const transports = [
  ["a WebSocket", {}],
  ["server-sent events", { WebSocket: null }],
] as const;

const isLive = (live: LiveCart) => live.until(({ status }) => status === "live");
const has = (live: LiveCart, pieces: number) =>
  live.until(({ cart, pending, status }) => status === "live" && pending === 0 && cart?.totals.itemCount === pieces);

describe.each(transports)("over %s", (_name, transport) => {
  test("two clients tap at one cart at once, and both come to what the service has", async () => {
    await using server = await serveCart();
    const { mouse, laptop } = server.products;
    const token = await server.guest();
    const cartId = newCartId();
    const lives = [1, 2].map(() => clientOf({ url: server.url, token, ...transport }).liveCart(cartId));
    await Promise.all(lives.map(isLive));
    const taps = lives.flatMap((live) =>
      Array.from({ length: 50 }, (_, tap) => live.addItem({ productId: tap % 5 === 0 ? laptop : mouse })),
    );
    const versions = (await Promise.all(taps)).map((tap) => (tap.outcome === "accepted" ? tap.version : 0));
    expect(Math.min(...versions)).toBeGreaterThan(0);
    const [left, right] = await Promise.all(lives.map((live) => live.until(({ version }) => version === Math.max(...versions))));
    expect(left?.cart).toEqual(right?.cart as never);
    expect(left?.cart?.items.map(({ quantity }) => quantity)).toEqual([20, 80]);
    // Merged on their way: a hundred taps are no hundred commands.
    expect(left?.version).toBeLessThan(60);
  }, 30_000);

  test("dates and bigints arrive as such", async () => {
    await using server = await serveCart();
    const client = clientOf({ url: server.url, token: await server.guest(), ...transport });
    const cartId = newCartId();
    const { position } = await client.cart.addItem.mutate({ cartId, productId: server.products.mouse, quantity: 1 });
    expect(typeof position).toBe("bigint");
    expect((await client.cart.view.query({ cartId })).openedAt).toBeInstanceOf(Date);
    const message = Promise.withResolvers<unknown>();
    const stop = client.cart.live.subscribe({ cartId, lastEventId: "1" }, { onMessage: message.resolve, onError: message.reject });
    expect(await message.promise).toMatchObject({ id: "2", data: { kind: "change", at: expect.any(Date), position } });
    stop();
  });

  test("a token that runs out is replaced, and nothing is missed", async () => {
    let time = Date.now();
    await using server = await serveCart({ now: () => new Date(time) });
    const { services, url, products } = server;
    const guest = await services.auth.guest();
    let { refreshToken } = guest;
    let asked = 0;
    const getToken = async () => {
      asked++;
      if (asked === 1) return guest.token;
      const refreshed = await services.auth.refresh({ refreshToken });
      if (!refreshed.ok) throw new Error(refreshed.refusal.code);
      ({ refreshToken } = refreshed.value);
      return refreshed.value.token;
    };
    const live = clientOf({ url, getToken, ...transport }).liveCart(newCartId());
    live.subscribe(() => {});
    await isLive(live);
    await live.addItem({ productId: products.mouse });
    await has(live, 1);

    time += 11 * 60_000;
    // Whoever speaks for the same guest elsewhere has a new token already.
    const refreshed = await services.auth.refresh({ refreshToken });
    if (!refreshed.ok) throw new Error(refreshed.refusal.code);
    ({ refreshToken } = refreshed.value);
    const elsewhere = clientOf({ url, token: refreshed.value.token, ...transport });
    await elsewhere.cart.addItem.mutate({ cartId: live.cartId, productId: products.mouse, quantity: 2 });
    expect((await has(live, 3)).refusal).toBe(null);
    expect((await live.addItem({ productId: products.mouse })).outcome).toBe("accepted");
    await has(live, 4);
    expect(asked).toBe(2);
  }, 30_000);

  test("a service that goes and comes back is found again, with what was done meanwhile", async () => {
    await using server = await serveCart();
    const live = clientOf({ url: server.url, token: await server.guest(), ...transport }).liveCart(newCartId());
    live.subscribe(() => {});
    await isLive(live);
    await live.addItem({ productId: server.products.mouse });
    await has(live, 1);
    await server.stop();
    const doing = [live.addItem({ productId: server.products.mouse }), live.addItem({ productId: server.products.mouse })];
    const { cart, pending } = await live.until(({ status }) => status === "offline");
    expect([cart?.totals.itemCount, pending]).toEqual([3, 2]);
    server.start();
    expect((await Promise.all(doing)).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    await has(live, 3);
  }, 60_000);

  test("whoever may not see a cart is told that there is none", async () => {
    await using server = await serveCart();
    const { mouse } = server.products;
    const mine = clientOf({ url: server.url, token: await server.guest(), ...transport }).liveCart(newCartId());
    await mine.addItem({ productId: mouse });
    const theirs = clientOf({ url: server.url, token: await server.guest(), ...transport }).liveCart(mine.cartId);
    theirs.subscribe(() => {});
    expect(await isLive(theirs)).toMatchObject({ version: 0, cart: null });
    const settled = await theirs.addItem({ productId: mouse });
    expect(settled).toMatchObject({ outcome: "refused", refusal: { code: "CartNotFound" } });
  });

  test("nobody is told anything without a token", async () => {
    await using server = await serveCart();
    const client = clientOf({ url: server.url, ...transport });
    expect((await client.catalog.list.query()).items.length).toBeGreaterThan(0);
    const live = client.liveCart(newCartId());
    expect(await live.until(({ status }) => status === "ended")).toMatchObject({ refusal: { code: "Unauthenticated", reason: "missing" } });
    const error = await client.cart.current.query().catch((it: unknown) => it);
    expect(isRefusal(error, "Unauthenticated") && error.data.refusal.reason).toBe("missing");
  });

  test("a guest who signs in takes the cart along, and the page follows the one that it went to", async () => {
    await using server = await serveCart();
    const { url, products } = server;
    const guestToken = await server.guest();
    let token = guestToken;
    const client = clientOf({ url, getToken: () => token, ...transport });
    const guestCart = client.liveCart(newCartId());
    guestCart.subscribe(() => {});
    await isLive(guestCart);
    await guestCart.addItem({ productId: products.mouse, quantity: 2 });
    await has(guestCart, 2);

    ({ token } = await client.auth.signIn.mutate({ email: "ada@example.com", password: "password" }));
    client.renewToken();
    const live = client.liveCart(newCartId());
    live.subscribe(() => {});
    await isLive(live);
    await client.cart.merge.mutate({ cartId: live.cartId, guestToken, guestCartId: guestCart.cartId });
    expect((await has(live, 2)).cart).toMatchObject({ owner: "user-ada", ownerKind: "user" });
  });
});

test("where no WebSocket can be opened, carts are live over server-sent events", async () => {
  await using server = await serveCart({ webSockets: false });
  const live = clientOf({ url: server.url, token: await server.guest() }).liveCart(newCartId());
  live.subscribe(() => {});
  await isLive(live);
  await live.addItem({ productId: server.products.mouse });
  await has(live, 1);
});
