import { connect } from "node:net";
import { startCart } from "@cartwright/cart/compose";
import { cartConfig } from "@cartwright/cart/config";
import type { CartServiceRouter } from "@cartwright/cart/router";
import { prepareDatabase } from "@cartwright/cart/testing/prepare-database";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId, ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import { flakyNetwork } from "./flaky-network.ts";
import { eventStreamFollower, type Follower, webSocketFollower } from "./live-followers.ts";

/** Servers start on a machine that has other things to do. */
const patience = 60_000;

const mouse = ProductId.parse("mouse");

const clientOf = (url: string, token?: string) =>
  createTRPCClient<CartServiceRouter>({
    links: [
      httpBatchLink({
        url: `${url}/trpc`,
        transformer: superjson,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        maxItems: 50,
      }),
    ],
  });

/** A process of the service, whose clock a test may put forward. */
const startProcess = async (db: TestDatabase) => {
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR" });
  const clock = { aheadMs: 0 };
  const metrics = processMetrics({ ofProcess: false });
  const now = () => new Date(Date.now() + clock.aheadMs);
  const running = await startCart({ config, postgres: db.options, logger: silentLogger, metrics, now });
  const anybody = clientOf(running.url);
  const signIn = (name: string) => anybody.auth.signIn.mutate({ email: `${name}@example.com` as never, password: "demonstration" });
  return { ...running, clock, metrics, signIn, as: (token: string) => clientOf(running.url, token) };
};
type Process = Awaited<ReturnType<typeof startProcess>>;

const prepareWithProduct = async (process: Process) => {
  const product = { productId: mouse, name: "Mouse", description: "", category: "computers", image: null, tags: [] };
  const merchant = process.as((await process.signIn("merchant")).token);
  await merchant.catalog.put.mutate({ ...product, prices: [{ amountMinor: 1_999, currency: "EUR" }] } as never);
};

const aCartId = () => CartId.parse(crypto.randomUUID());
const upTo = (version: number) => Array.from({ length: version }, (_, index) => index + 1);

/** Opens a cart with one mouse in it: it has version 2. */
const openCart = async (process: Process, token: string) => {
  const cartId = aCartId();
  await process.as(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  return cartId;
};

/** So many changes in a row, each one an event. */
const change = async (process: Process, token: string, { cartId, times }: { cartId: CartId; times: number }) => {
  const { cart } = process.as(token);
  for (let done = 0; done < times; done += 50) {
    const quantities = Array.from({ length: Math.min(50, times - done) }, (_, index) => 2 + (index % 2));
    await Promise.all(quantities.map((quantity) => cart.setQuantity.mutate({ cartId, productId: mouse, quantity })));
  }
};

const transports = [
  ["a WebSocket", webSocketFollower],
  ["server-sent events", eventStreamFollower],
] as const;

test(
  "however often connections break, and to whichever process they get, each of 10,000 changes arrives once and in order",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await prepareWithProduct(one);
    const { token } = await one.signIn("ada");
    const cartId = aCartId();
    await using network = await flakyNetwork([one.port, other.port]);
    const options = { url: `http://127.0.0.1:${network.port}`, token, cartId };
    using overWebSocket = webSocketFollower(options);
    using overEvents = eventStreamFollower(options);
    const followers: readonly Follower[] = [overWebSocket, overEvents];
    await until(() => followers.every(({ versions }) => versions.length === 1));

    let changing = true;
    const cutting = (async () => {
      while (changing) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        network.cut();
      }
    })();
    await one.as(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    for (let portion = 0; portion < 10; portion += 1) await change(portion % 2 === 0 ? one : other, token, { cartId, times: 1_000 });
    changing = false;
    await cutting;

    const version = 2 + 10_000;
    await until(() => followers.every(({ versions }) => versions.at(-1) === version), { timeoutMs: 20_000 });
    for (const { versions, snapshots } of followers) {
      expect(versions).toEqual([0, ...upTo(version)]);
      expect(snapshots()).toBe(1);
    }
    expect(network.connections()).toBeGreaterThan(20);
  },
  patience,
);

test.each(transports)(
  "over %s, a change in one process is heard of in another",
  async (_, follow) => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await prepareWithProduct(one);
    const { token } = await one.signIn("ada");
    const cartId = await openCart(one, token);
    using follower = follow({ url: other.url, token, cartId });
    await until(() => follower.versions.length === 1);
    await change(one, token, { cartId, times: 10 });
    await until(() => follower.versions.at(-1) === 12);
    expect(follower.versions).toEqual(upTo(12).slice(1));
  },
  patience,
);

test.each(transports)(
  "over %s, a token that has expired is given nothing that happens later",
  async (_, follow) => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await prepareWithProduct(one);
    const { token } = await one.signIn("ada");
    const cartId = await openCart(one, token);
    using follower = follow({ url: one.url, token, cartId });
    await until(() => follower.versions.length === 1);
    one.clock.aheadMs = 700_000;
    await change(one, (await one.signIn("ada")).token, { cartId, times: 1 });
    expect(await follower.failed).toEqual({ code: "UNAUTHORIZED", refusal: { code: "Unauthenticated", reason: "expired" } });
    expect(follower.versions).toEqual([2]);
  },
  patience,
);

test.each(transports)(
  "over %s, whoever signs out in one process hears nothing more in another",
  async (_, follow) => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await prepareWithProduct(one);
    const { token, refreshToken } = await one.signIn("ada");
    const cartId = await openCart(one, token);
    using follower = follow({ url: other.url, token, cartId });
    await until(() => follower.versions.length === 1);
    await clientOf(one.url).auth.signOut.mutate({ refreshToken });
    expect(await follower.failed).toEqual({ code: "UNAUTHORIZED", refusal: { code: "Unauthenticated", reason: "revoked" } });
    await change(one, (await one.signIn("ada")).token, { cartId, times: 1 });
    expect(follower.versions).toEqual([2]);
  },
  patience,
);

test.each(transports)(
  "over %s, nothing is missed when the process goes down and another one takes over",
  async (_, follow) => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    const one = await startProcess(db);
    await using other = await startProcess(db);
    await prepareWithProduct(one);
    const { token } = await one.signIn("ada");
    const cartId = await openCart(other, token);
    await using network = await flakyNetwork([one.port, other.port]);
    using follower = follow({ url: `http://127.0.0.1:${network.port}`, token, cartId });
    await until(() => follower.versions.length === 1);
    const stopped = one[Symbol.asyncDispose]();
    await change(other, token, { cartId, times: 500 });
    await stopped;
    await change(other, token, { cartId, times: 10 });
    await until(() => follower.versions.at(-1) === 512);
    expect(follower.versions).toEqual(upTo(512).slice(1));
  },
  patience,
);

test(
  "one who does not read server-sent events is sent no more than the connection holds, and holds up nobody",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await prepareWithProduct(one);
    const { token } = await one.signIn("ada");
    const cartId = await openCart(one, token);
    const unread = connect(one.port, "127.0.0.1");
    unread.write(`GET /api/cart/${cartId}/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await new Promise((answered) => unread.once("data", answered));
    unread.pause();
    using reader = webSocketFollower({ url: one.url, token, cartId });
    await until(() => reader.versions.length === 1);
    await flood(one, cartId, 25_000);
    await until(() => reader.versions.at(-1) === 25_002, { timeoutMs: 40_000 });
    // At 500 bytes each, an operating system keeps some ten thousand of them for a connection.
    expect(await counted(one, 'live_messages_total{kind="change"}')).toBeLessThan(45_000);
    expect(await counted(one, "live_fell_behind_total")).toBeGreaterThan(0);
    unread.destroy();
    await until(async () => (await counted(one, "live_subscribers")) === 1);
  },
  patience,
);

/** Changes without commands, as many as the log takes. */
const flood = async ({ log }: Process, cartId: CartId, times: number) => {
  const setAt = Instant.parse(new Date().toISOString());
  const metadata = { correlationId: "flood", actor: { subject: "user-ada", kind: "user" } };
  for (let done = 0; done < times; done += 500) {
    const events = Array.from({ length: 500 }, (_, index) => ({
      ...cartEvents.encode({
        type: "ItemQuantitySet",
        data: { cartId, productId: mouse, from: 1 + (index % 2), to: 2 - (index % 2), setAt },
      }),
      eventId: crypto.randomUUID(),
      metadata,
    }));
    const commands = [{ key: crypto.randomUUID(), fingerprint: "flood", eventCount: events.length }] as const;
    await log.append({ commands, streams: [{ streamId: cartStreamId(cartId), expect: "any", events }] });
  }
};

const counted = async ({ metrics }: Process, name: string): Promise<number> => {
  const line = (await metrics.expose()).body.split("\n").find((one) => one.startsWith(`cartwright_${name} `));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
};
