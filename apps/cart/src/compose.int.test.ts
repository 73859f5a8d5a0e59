import { cartStreamId } from "@cartwright/contracts/cart-events";
import { ShippingMethodId, StockId } from "@cartwright/contracts/pricing-shapes";
import { parseConfig } from "@cartwright/service-kit/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { startCart } from "./compose.ts";
import { cartConfig } from "./config.ts";
import { aCartId, aKey, clientsOf, laptop, mouse, refusalOf, testProducts } from "./spec.ts";
import { prepareDatabase } from "./testing/prepare-database.ts";

/** A process of the service on a database, reached over real HTTP. */
const startProcess = async (db: TestDatabase, environment: Record<string, string> = {}) => {
  const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR", ...environment });
  const running = await startCart({ config, postgres: db.options, logger: silentLogger });
  const clients = clientsOf(fetch, running.url);
  const { auth } = clients.trpc();
  return {
    ...running,
    ...clients,
    guest: async () => (await auth.guest.mutate()).token,
    signIn: async (name: string) => (await auth.signIn.mutate({ email: `${name}@example.com` as never, password: "demonstration" })).token,
  };
};
/** Servers start on a machine that has other things to do. */
const patience = 30_000;

type Process = Awaited<ReturnType<typeof startProcess>>;

const loadProducts = async (process: Process) => {
  const merchant = process.trpc(await process.signIn("merchant"));
  await merchant.catalog.putMany.mutate({ products: testProducts.map(({ productId, product }) => ({ productId, ...product })) });
};

test(
  "fifty adds at once are fifty, whether the cart is new or not, from one process or from two",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await loadProducts(one);
    const token = await one.guest();
    const add = (process: Process, cartId = aCartId()) =>
      process.trpc(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });

    for (const processes of [[one], [one, other]] as const) {
      const cartId = aCartId();
      for (const expected of [50, 100]) {
        const replies = await Promise.all(
          Array.from({ length: 50 }, (_, index) => add(processes[index % processes.length] ?? one, cartId)),
        );
        expect(new Set(replies.map(({ version }) => version)).size).toBe(50);
        for (const process of [one, other]) {
          const view = await process.trpc(token).cart.view.query({ cartId, atLeastVersion: expected + 1 });
          expect(view).toMatchObject({ version: expected + 1, items: [{ quantity: expected }] });
        }
      }
    }
  },
  patience,
);

test(
  "fifty first looks at once, in two processes, open one cart",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    const token = await one.guest();
    const looks = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? one : other).trpc(token).cart.open.mutate({}));
    const cartIds = new Set((await Promise.all(looks)).map(({ cartId }) => cartId));
    expect(cartIds.size).toBe(1);
    expect(cartIds).toContain((await other.trpc(token).cart.current.query())?.cartId);
  },
  patience,
);

test(
  "two log-ins at once, in two processes, take a guest's cart over once and lose nothing",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await loadProducts(one);
    const guestToken = await one.guest();
    const guestCartId = aCartId();
    await one.trpc(guestToken).cart.addItem.mutate({ cartId: guestCartId, productId: mouse, quantity: 3 });
    const ada = await one.signIn("ada");
    const cartId = aCartId();
    const merges = [one, other, one, other].map((process) => process.trpc(ada).cart.merge.mutate({ cartId, guestToken, guestCartId }));
    expect(new Set((await Promise.all(merges)).map(({ version }) => version))).toEqual(new Set([3]));
    expect(await other.trpc(ada).cart.current.query()).toMatchObject({ cartId, version: 3, totals: { itemCount: 3 } });
  },
  patience,
);

test(
  "whoever hangs up and tries again under the same key has added once, and gets the first answer",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using one = await startProcess(db);
    await using other = await startProcess(db);
    await loadProducts(one);
    const token = await one.guest();
    const cartId = aCartId();
    const add = async (process: Process, key: string, signal?: AbortSignal) => {
      const response = await fetch(`${process.url}/api/cart/${cartId}/items`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify({ productId: mouse, quantity: 1 }),
        ...(signal && { signal }),
      });
      return response.json();
    };
    const keys = Array.from({ length: 20 }, () => aKey());
    await Promise.all(keys.map((key, index) => add(one, key, AbortSignal.timeout(index)).catch(() => "hung up")));
    const first = await Promise.all(keys.map((key) => add(other, key)));
    expect(await Promise.all(keys.map((key) => add(one, key)))).toEqual(first);
    expect(new Set(first.map(({ version }) => version)).size).toBe(20);
    const view = await one.trpc(token).cart.view.query({ cartId, atLeastVersion: 21 });
    expect(view).toMatchObject({ version: 21, items: [{ quantity: 20 }] });
  },
  patience,
);

test(
  "what was acknowledged is there after a restart, and so are the tokens",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    const cartId = aCartId();
    let token: string;
    {
      await using before = await startProcess(db);
      await loadProducts(before);
      token = await before.guest();
      await before.trpc(token).cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    }
    await using after = await startProcess(db);
    expect(await after.trpc(token).cart.view.query({ cartId })).toMatchObject({ version: 2, items: [{ productId: laptop }] });
  },
  patience,
);

test(
  "a stop ends what is under way: each command is answered, and what was answered is there",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    const process = await startProcess(db);
    await loadProducts(process);
    const token = await process.guest();
    const cartId = aCartId();
    const { version } = await process.trpc(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    const adds = Array.from({ length: 20 }, () => process.trpc(token).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 }));
    await adds[0];
    await process[Symbol.asyncDispose]();
    const answered = (await Promise.allSettled(adds)).filter(({ status }) => status === "fulfilled").length;
    await using again = await startProcess(db);
    const { events } = await again.trpc(token).cart.history.query({ cartId, after: version });
    expect(events.length).toBeGreaterThanOrEqual(answered);
    expect(answered).toBeGreaterThan(0);
  },
  patience,
);

test(
  "an idle cart expires, and one that is used does not",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using process = await startProcess(db, { CART_IDLE_GUEST: "1500ms" });
    await loadProducts(process);
    const [idle, busy] = [process.trpc(await process.guest()).cart, process.trpc(await process.guest()).cart];
    const [idleCartId, busyCartId] = [aCartId(), aCartId()];
    await idle.addItem.mutate({ cartId: idleCartId, productId: mouse, quantity: 1 });
    await busy.addItem.mutate({ cartId: busyCartId, productId: mouse, quantity: 1 });
    await until(async () => {
      await busy.addItem.mutate({ cartId: busyCartId, productId: mouse, quantity: 1 });
      return (await idle.view.query({ cartId: idleCartId, atLeastVersion: 2 })).status === "Expired";
    });
    expect((await idle.history.query({ cartId: idleCartId })).events.at(-1)).toMatchObject({
      type: "CartExpired",
      actor: { subject: "cart-expiry", kind: "system" },
    });
    expect(await idle.current.query()).toBeNull();
    expect(await refusalOf(idle.addItem.mutate({ cartId: idleCartId, productId: mouse, quantity: 1 }))).toMatchObject({
      status: "Expired",
    });
    expect(await busy.current.query()).toMatchObject({ cartId: busyCartId, status: "Open" });
    await until(async () => (await busy.current.query()) === null);
  },
  patience,
);

test(
  "a cart that is closed has no timer any more",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using process = await startProcess(db);
    const ada = process.trpc(await process.signIn("ada")).cart;
    const { cartId } = await ada.open.mutate({});
    const timers = () => db.sql`select due_at from cart.timer where stream_id = ${cartStreamId(cartId)}`;
    const [timer] = await until(async () => {
      const found = await timers();
      return found.length === 1 && found;
    });
    expect((timer?.due_at.getTime() - Date.now()) / 86_400_000).toBeCloseTo(90, 1);
    await ada.cancel.mutate({ cartId });
    await until(async () => (await timers()).length === 0);
  },
  patience,
);

test(
  "what support looks at is kept",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using process = await startProcess(db);
    const { cartId } = await process.trpc(await process.signIn("ada")).cart.open.mutate({});
    const support = process.trpc(await process.signIn("support")).cart;
    expect(await refusalOf(support.view.query({ cartId }))).toEqual({ code: "ReasonMissing" });
    await support.view.query({ cartId, reason: "ticket 42" });
    expect(await db.sql`select cart_id, actor, reason, question from cart.support_read`).toEqual([
      { cart_id: cartId, actor: "user-200", reason: "ticket 42", question: "view" },
    ] as never);
  },
  patience,
);

test(
  "a port that is taken is one line that names it and its variable",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    await using process = await startProcess(db);
    await expect(startProcess(db, { CART_PORT: String(process.port) })).rejects.toThrow(
      `port ${process.port} is taken: set CART_PORT to another one, or end what uses it`,
    );
    expect((await process.rest("GET", "/health/ready")).status).toBe(200);
  },
  patience,
);

test(
  "a demonstration that was cut short is finished by the next start, and what a merchant has changed since stays as it is",
  async () => {
    await using db = await testDatabase({ prepare: prepareDatabase });
    const config = parseConfig(cartConfig, { CART_PORT: "0", HOST: "127.0.0.1", DEFAULT_CURRENCY: "EUR" });
    const prices = [{ amountMinor: 490, currency: "EUR" }];
    const demonstrationCatalogue = { products: [{ productId: "hat", name: "Hat", prices }] };
    const demonstrationShop = {
      shippingMethods: ["express", "standard"].map((shippingMethodId) => ({ shippingMethodId, name: shippingMethodId, prices })),
      stocks: [{ stockId: "hats", onHand: 3 }],
    };
    const starting = { config, postgres: db.options, logger: silentLogger, demonstrationCatalogue };
    {
      // What a crash leaves between the two, and what a database of before there was a shop has.
      await using _ = await startCart(starting);
    }
    const methods = async ({ url }: { url: string }) =>
      (await clientsOf(fetch, url).trpc().shippingMethod.list.query()).items.flatMap(({ shippingMethodId, isRetired }) =>
        isRetired ? [] : [String(shippingMethodId)],
      );
    const merchantOf = async ({ url }: { url: string }) => {
      const clients = clientsOf(fetch, url);
      const signedIn = await clients.trpc().auth.signIn.mutate({ email: "merchant@example.com" as never, password: "demonstration" });
      return clients.trpc(signedIn.token);
    };
    {
      await using second = await startCart({ ...starting, demonstrationShop });
      expect(await methods(second)).toEqual(["express", "standard"]);
      const merchant = await merchantOf(second);
      await merchant.shippingMethod.retire.mutate({ shippingMethodId: ShippingMethodId.parse("express") });
      await merchant.stock.set.mutate({ stocks: [{ stockId: StockId.parse("hats"), onHand: 1 }] });
    }
    await using third = await startCart({ ...starting, demonstrationShop });
    expect(await methods(third)).toEqual(["standard"]);
    const { stocks } = await (await merchantOf(third)).stock.get.query({ stockIds: [StockId.parse("hats")] });
    expect(stocks).toMatchObject([{ onHand: 1 }]);
  },
  patience,
);
