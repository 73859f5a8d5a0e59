import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { isRefusal } from "@cartwright/client/is-refusal";
import { serverSentEvents } from "@cartwright/client/server-sent-events";
import { until } from "@cartwright/testkit/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventStreamFollower } from "../live-followers.ts";
import { runtimes, type ServedCart } from "./runtimes.ts";

const laptop = productIdOf("prod-456");

describe.each(runtimes)("the cart on $name", ({ name, program, serve, endsReaders }) => {
  let cart: ServedCart | undefined;
  beforeAll(async () => {
    if (program !== null) cart = await serve(program);
  }, 60_000);
  afterAll(() => cart?.[Symbol.asyncDispose]());

  const rest = (path: string, { token, headers, ...init }: RequestInit & { token?: string } = {}) =>
    fetch(`${cart?.url}/api${path}`, {
      ...init,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }), ...headers },
    });
  const aGuest = async (): Promise<string> => (await (await rest("/auth/guest", { method: "POST" })).json()).token;
  const clientOf = (token?: string) => createCartwrightClient({ url: cart?.url ?? "", WebSocket: null, ...(token && { token }) });
  const change = async (token: string, cartId: string, quantity: number) => {
    const { status } = await rest(`/cart/${cartId}/items/${laptop}`, { method: "PATCH", token, body: JSON.stringify({ quantity }) });
    expect(status).toBe(200);
  };

  test("can be tried", () => {
    if (program === null && process.env.REQUIRE_SERVERS === "1") throw new Error(`${name} can't be had`);
  });

  test.skipIf(program === null)("takes items by tRPC and by REST, and shows them by both", async () => {
    const token = await aGuest();
    const [client, cartId] = [clientOf(token), newCartId()];
    const added = await client.cart.addItem.mutate({ cartId, productId: laptop, quantity: 2 });
    expect(added).toMatchObject({ version: 2, position: expect.any(BigInt) });
    const again = await rest(`/cart/${cartId}/items`, { method: "POST", token, body: JSON.stringify({ productId: laptop, quantity: 1 }) });
    expect([again.status, await again.json()]).toMatchObject([201, { cartId, version: 3 }]);

    const view = await client.cart.view.query({ cartId, atLeastVersion: 3 });
    expect(view).toMatchObject({ version: 3, openedAt: expect.any(Date), items: [{ productId: laptop, quantity: 3 }] });
    const shown = await rest(`/cart/view/${cartId}?atLeastVersion=3`, { token });
    expect(await shown.json()).toMatchObject({ version: 3, totals: { itemCount: 3 } });
  });

  test.skipIf(program === null)("makes fifty of fifty adds at once", async () => {
    const [{ cart: carts }, cartId] = [clientOf(await aGuest()), newCartId()];
    await Promise.all(Array.from({ length: 50 }, () => carts.addItem.mutate({ cartId, productId: laptop, quantity: 1 })));
    expect(await carts.view.query({ cartId, atLeastVersion: 51 })).toMatchObject({ version: 51, items: [{ quantity: 50 }] });
  });

  test.skipIf(program === null)("refuses a token that is none, and says so in the type of the call", async () => {
    const token = (await aGuest()).replace(/\.[^.]+$/, ".c2lnbmF0dXJl");
    const cartId = newCartId();
    const error = await clientOf(token)
      .cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 })
      .catch((thrown: unknown) => thrown);
    const refusal = { code: "Unauthenticated", reason: "invalid" };
    expect(isRefusal(error, "Unauthenticated") && error.data).toMatchObject({ code: "UNAUTHORIZED", httpStatus: 401, refusal });

    const problem = await rest(`/cart/view/${cartId}`, { token });
    expect([problem.status, await problem.json()]).toMatchObject([401, { refusal }]);
    expect((await rest(`/cart/${cartId}/live`, { token })).status).toBe(401);
    using follower = eventStreamFollower({ url: cart?.url ?? "", token, cartId });
    expect(await follower.failed).toEqual({ code: "UNAUTHORIZED", refusal });
  });

  test.skipIf(program === null)("knows no passwords, and says of each that it is not right", async () => {
    const credentials = { email: "ada@example.com", password: "demonstration" };
    const answer = await rest("/auth/sign-in", { method: "POST", body: JSON.stringify(credentials) });
    expect([answer.status, await answer.json()]).toMatchObject([401, { refusal: { code: "InvalidCredentials" } }]);
  });

  test.skipIf(program === null)("tells every change over tRPC's server-sent events, and goes on behind the last one", async () => {
    const token = await aGuest();
    const [client, cartId] = [clientOf(token), newCartId()];
    using follower = eventStreamFollower({ url: cart?.url ?? "", token, cartId });
    await until(() => follower.versions.length === 1);
    await client.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    for (const quantity of [2, 3]) await change(token, cartId, quantity);
    await until(() => follower.versions.length === 5);
    expect(follower.versions).toEqual([0, 1, 2, 3, 4]);

    const { promise: later, resolve, reject } = Promise.withResolvers<unknown>();
    const stop = client.cart.live.subscribe({ cartId, lastEventId: "3" }, { onMessage: resolve, onError: reject });
    expect(await later).toMatchObject({ id: "4", data: { kind: "change", at: expect.any(Date), position: expect.any(BigInt) } });
    stop();
  });

  test.skipIf(program === null)("tells a reader of plain server-sent events who comes back with Last-Event-ID the rest", async () => {
    const token = await aGuest();
    const cartId = newCartId();
    await clientOf(token).cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    /** Reads so many events, doing something at the first, and goes. */
    const read = async (count: number, { headers = {}, meanwhile }: { headers?: HeadersInit; meanwhile?: () => Promise<void> }) => {
      const { body } = await rest(`/cart/${cartId}/live`, { token, headers });
      const told: string[] = [];
      if (!body) throw new Error("no stream");
      for await (const { type, lastEventId } of serverSentEvents(body)) {
        if (told.push(`${type} ${lastEventId}`) === 1) await meanwhile?.();
        if (told.length === count) break;
      }
      return told;
    };
    const first = await read(2, { meanwhile: () => change(token, cartId, 2) });
    expect(first).toEqual(["snapshot 2", "change 3"]);
    for (const quantity of [3, 4]) await change(token, cartId, quantity);
    const resumed = await read(3, { headers: { "last-event-id": "3" }, meanwhile: () => change(token, cartId, 5) });
    expect(resumed).toEqual(["change 4", "change 5", "change 6"]);
  });

  test.skipIf(program === null)("has found nothing to complain of", () => {
    expect(cart?.process.output()).not.toMatch(/"level":"(?:warn|error)"|uncaught|exception/i);
  });

  if (!endsReaders) return;
  test.skipIf(program === null)("ends its readers when it is stopped, and itself", async () => {
    const { body } = await rest(`/cart/${newCartId()}/live`, { token: await aGuest() });
    if (!cart || !body) throw new Error("no stream");
    const events = serverSentEvents(body);
    expect(await events.next()).toMatchObject({ value: { type: "snapshot", lastEventId: "0" } });
    const ended = events.next();
    process.kill(cart.process.pid, "SIGTERM");
    expect(await ended).toMatchObject({ done: true });
    expect(await cart.process.exited).toBe(0);
  });
});
