import { join } from "node:path";
import type { CartServiceRouter } from "@cartwright/cart/router";
import { CartId, ProductId } from "@cartwright/contracts/ids";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import { flakyNetwork } from "./flaky-network.ts";
import { eventStreamFollower, type Follower, type FollowerOptions, webSocketFollower } from "./live-followers.ts";

/** Two processes start, on a machine that has other things to do. */
const patience = 120_000;

const root = join(import.meta.dirname, "..");
const mouse = ProductId.parse("mouse");
const aCartId = () => CartId.parse(crypto.randomUUID());
const upTo = (version: number) => Array.from({ length: version }, (_, index) => index + 1);

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

const connectionOf = ({ options: { host, port, database, user, username, password } }: TestDatabase) =>
  `Host=${host};Port=${port};Database=${database};Username=${user ?? username};Password=${password}`;

/** The cart service as a process of its own. */
const startProcess = async (db: TestDatabase) => {
  const [port, adminPort] = [await freePort(), await freePort()];
  const environment = {
    CART_PORT: String(port),
    ADMIN_PORT: String(adminPort),
    HOST: "127.0.0.1",
    DEFAULT_CURRENCY: "EUR",
    POSTGRES_CONNECTION_STRING: connectionOf(db),
  };
  const tracked = spawnTracked([process.execPath, "apps/cart/src/main.ts"], { cwd: root, env: { ...process.env, ...environment } });
  await tracked.line(/cart listens/);
  const url = `http://127.0.0.1:${port}`;
  const anybody = clientOf(url);
  const signIn = (name: string) => anybody.auth.signIn.mutate({ email: `${name}@example.com` as never, password: "demonstration" });
  return { ...tracked, url, port, anybody, signIn, as: (token: string) => clientOf(url, token) };
};
type Process = Awaited<ReturnType<typeof startProcess>>;

/** Two processes on one log, a product, and somebody who is signed in. */
const startShop = async () => {
  await using started = new AsyncDisposableStack();
  const db = started.use(await testDatabase());
  const one = started.use(await startProcess(db));
  const other = started.use(await startProcess(db));
  const product = { productId: mouse, name: "Mouse", description: "", category: "computers", image: null, tags: [] };
  const merchant = one.as((await one.signIn("merchant")).token);
  await merchant.catalog.put.mutate({ ...product, prices: [{ amountMinor: 1_999, currency: "EUR" }] } as never);
  const { token, refreshToken } = await one.signIn("ada");
  const held = started.move();
  return { one, other, token, refreshToken, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

/** Opens the cart with one mouse in it: it has version 2. */
const openCart = (process: Process, token: string, cartId: CartId) =>
  process.as(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });

/** So many changes in a row, each one an event. */
const change = async (process: Process, token: string, { cartId, times }: { cartId: CartId; times: number }) => {
  const { cart } = process.as(token);
  for (let done = 0; done < times; done += 50) {
    const quantities = Array.from({ length: Math.min(50, times - done) }, (_, index) => 2 + (index % 2));
    await Promise.all(quantities.map((quantity) => cart.setQuantity.mutate({ cartId, productId: mouse, quantity })));
  }
};

/** One over each transport, both at the cart as it is now. */
const followBothWays = async (options: FollowerOptions) => {
  const followers: readonly Follower[] = [webSocketFollower(options), eventStreamFollower(options)];
  await until(() => followers.every(({ versions }) => versions.length === 1));
  return {
    followers,
    haveAll: (version: number) => until(() => followers.every(({ versions }) => versions.at(-1) === version), { timeoutMs: 20_000 }),
    [Symbol.dispose]() {
      for (const follower of followers) follower[Symbol.dispose]();
    },
  };
};

test(
  "however often connections break, and to whichever process they get, each of 10,000 changes arrives once and in order",
  async () => {
    await using shop = await startShop();
    const { one, other, token } = shop;
    const cartId = aCartId();
    await using network = await flakyNetwork([one.port, other.port]);
    using following = await followBothWays({ url: `http://127.0.0.1:${network.port}`, token, cartId });

    let changing = true;
    const cutting = (async () => {
      while (changing) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        network.cut();
      }
    })();
    await openCart(one, token, cartId);
    for (let portion = 0; portion < 10; portion += 1) await change(portion % 2 === 0 ? one : other, token, { cartId, times: 1_000 });
    changing = false;
    await cutting;

    await following.haveAll(10_002);
    for (const { versions, snapshots } of following.followers) {
      expect(versions).toEqual([0, ...upTo(10_002)]);
      expect(snapshots()).toBe(1);
    }
    expect(network.connections()).toBeGreaterThan(20);
  },
  patience,
);

test(
  "nothing is missed when a process goes down and the other one takes over",
  async () => {
    await using shop = await startShop();
    const { one, other, token } = shop;
    const cartId = aCartId();
    await openCart(other, token, cartId);
    await using network = await flakyNetwork([one.port, one.port, other.port]);
    using following = await followBothWays({ url: `http://127.0.0.1:${network.port}`, token, cartId });
    one.signalGroup("SIGTERM");
    await change(other, token, { cartId, times: 500 });
    expect(await one.exited).toBe(0);
    await change(other, token, { cartId, times: 50 });
    await following.haveAll(552);
    for (const { versions, snapshots } of following.followers) {
      expect(versions).toEqual(upTo(552).slice(1));
      expect(snapshots()).toBe(1);
    }
  },
  patience,
);

test(
  "whoever signs out in one process hears nothing more in the other",
  async () => {
    await using shop = await startShop();
    const { one, other, token, refreshToken } = shop;
    const cartId = aCartId();
    await openCart(one, token, cartId);
    using following = await followBothWays({ url: other.url, token, cartId });
    await one.anybody.auth.signOut.mutate({ refreshToken });
    for (const { failed } of following.followers)
      expect(await failed).toEqual({ code: "UNAUTHORIZED", refusal: { code: "Unauthenticated", reason: "revoked" } });
    await change(one, (await one.signIn("ada")).token, { cartId, times: 10 });
    for (const { versions } of following.followers) expect(versions).toEqual([2]);
  },
  patience,
);
