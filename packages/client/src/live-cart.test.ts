import type { IdempotencyKey } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import { describe, expect, test, vi } from "vitest";
import type { Clock } from "./clock.ts";
import { type LiveCart, type LiveCartOptions, liveCart } from "./live-cart.ts";
import type { CommandAnswer, FollowObserver, LiveCartService } from "./live-cart-service.ts";
import { cartId, now, productId, seen, serviceInMemory } from "./spec.ts";

const shoes = productId("shoes");
const hat = productId("hat");

/** Waits end when the test says so. */
const stoppedClock = () => {
  const waits: { readonly milliseconds: number; end: () => void }[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        const end = () => {
          const index = waits.indexOf(wait);
          if (index !== -1) waits.splice(index, 1);
          resolve();
        };
        const wait = { milliseconds, end };
        waits.push(wait);
        signal.addEventListener("abort", end);
      }),
  };
  return { clock, waits, pass: () => waits.splice(0).map(({ end }) => end()) };
};

/** A service that may be gone, may be held up, and whose connections the test can do anything with. */
const shop = ({ watched = true, ...options }: Partial<LiveCartOptions> & { watched?: boolean } = {}) => {
  const inMemory = serviceInMemory(["shoes", "hat"]);
  const time = stoppedClock();
  const observers: FollowObserver[] = [];
  const stopped: FollowObserver[] = [];
  const asked: (string | undefined)[] = [];
  const sent: unknown[] = [];
  const network: { answer?: (() => CommandAnswer) | undefined; gate?: Promise<void> | undefined } = {};
  const service: LiveCartService = {
    follow: (request, on) => {
      asked.push(request.lastEventId);
      observers.push(on);
      const stop = inMemory.follow(request, on);
      return () => {
        stopped.push(on);
        stop();
      };
    },
    run: async (command, request) => {
      sent.push(command);
      await network.gate;
      return network.answer?.() ?? inMemory.run(command, request);
    },
  };
  let keys = 0;
  const live = liveCart({ cartId, service, clock: time.clock, newKey: () => `key-${++keys}` as IdempotencyKey, ...options });
  if (watched) live.subscribe(() => {});
  return {
    ...time,
    inMemory,
    observers,
    stopped,
    asked,
    sent,
    network,
    live,
    another: () => liveCart({ cartId, service, clock: time.clock }),
  };
};

const settled = () => new Promise((resolve) => setTimeout(resolve));
const isLive = (live: LiveCart) => live.until(({ status }) => status === "live");
const pieces = (live: LiveCart) => live.getSnapshot().cart?.totals.itemCount ?? 0;
const add = (live: LiveCart, name = "shoes") => live.addItem({ productId: productId(name), product: seen(name) });

describe("what the shopper does", () => {
  test("shows before the service has heard of it, and is settled with what the service answers", async () => {
    const { live } = shop();
    live.subscribe(() => {});
    await isLive(live);
    const adding = add(live);
    expect(live.getSnapshot()).toMatchObject({
      version: 0,
      pending: 1,
      cart: { items: [{ productId: shoes, quantity: 1, name: "The shoes" }] },
    });
    expect(await adding).toEqual({ outcome: "accepted", version: 2, notices: [] });
    const state = await live.until(({ version }) => version === 2);
    expect(state).toMatchObject({ status: "live", pending: 0, cart: { version: 2, owner: "user-1" } });
  });

  test("is undone with the reason where the service refuses it, and the page tells until it is dismissed", async () => {
    const { live } = shop();
    await isLive(live);
    const adding = live.addItem({ productId: shoes, product: seen("shoes", 900) });
    expect(pieces(live)).toBe(1);
    const refusal: Refusal = { code: "PriceChanged", productId: shoes, seen: seen("x", 900).price, list: seen("x").price };
    expect(await adding).toEqual({ outcome: "refused", refusal });
    expect(live.getSnapshot()).toMatchObject({ cart: null, told: [{ id: 1, kind: "refused", refusal, command: { type: "addItem" } }] });
    live.dismiss(2);
    expect(live.getSnapshot().told).toHaveLength(1);
    live.dismiss(1);
    expect(live.getSnapshot().told).toEqual([]);
    for (let tap = 0; tap < 30; tap++) await live.undo();
    expect(live.getSnapshot().told.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 12));
    live.dismiss();
    expect(live.getSnapshot().told).toEqual([]);
  });

  test("shows only once the service has answered, where nobody here knows the product", async () => {
    const { live } = shop();
    await isLive(live);
    const adding = live.addItem({ productId: shoes, quantity: 2 });
    expect([pieces(live), live.getSnapshot().pending]).toEqual([0, 1]);
    await adding;
    expect((await live.until(({ version }) => version === 2)).cart?.items).toMatchObject([{ quantity: 2 }]);
    void live.addItem({ productId: shoes });
    expect(pieces(live)).toBe(3);
  });

  test("is told of, when it was done and something is not as it was", async () => {
    const notice: Notice = { code: "ProductRetired", productId: shoes };
    const { live, network } = shop();
    network.answer = () => ({ outcome: "accepted", version: 1, notices: [notice] });
    expect(await add(live)).toEqual({ outcome: "accepted", version: 1, notices: [notice] });
    expect(live.getSnapshot().told).toMatchObject([{ kind: "notice", notice }]);
  });

  test("in quick taps travels as one command, which every tap is settled with", async () => {
    const { live, sent } = shop();
    await isLive(live);
    const taps = [add(live), add(live), add(live), add(live, "hat"), add(live)];
    expect(pieces(live)).toBe(5);
    const answers = await Promise.all(taps);
    expect(sent).toMatchObject([
      { productId: "shoes", quantity: 1 },
      { productId: "shoes", quantity: 3 },
      { productId: "hat", quantity: 1 },
    ]);
    expect(answers.map((answer) => answer.outcome === "accepted" && answer.version)).toEqual([2, 3, 3, 4, 3]);
  });

  test("in quick taps that do not fit together is asked for one by one", async () => {
    const { live, sent } = shop();
    await isLive(live);
    await live.addItem({ productId: shoes, quantity: 9_997, product: seen("shoes") });
    const taps = [add(live, "hat"), add(live), add(live), add(live)];
    const answers = await Promise.all(taps);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted", "refused"]);
    expect(sent.slice(1)).toMatchObject([{ productId: "hat" }, { quantity: 3 }, { quantity: 1 }, { quantity: 1 }, { quantity: 1 }]);
    expect(pieces(live)).toBe(10_000);
  });

  test("is withdrawn where its signal is aborted before it was sent, alone of those it was merged with", async () => {
    const { live, network } = shop();
    await isLive(live);
    const gate = Promise.withResolvers<void>();
    network.gate = gate.promise;
    const abort = new AbortController();
    const [first, second, third] = [
      add(live),
      live.addItem({ productId: hat, quantity: 5, product: seen("hat") }, { signal: abort.signal }),
      add(live, "hat"),
    ];
    abort.abort();
    expect(await second).toEqual({ outcome: "withdrawn" });
    expect(pieces(live)).toBe(2);
    gate.resolve();
    expect((await Promise.all([first, third])).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"]);
    expect((await live.until(({ version }) => version === 3)).cart?.totals.itemCount).toBe(2);
    expect(await live.addItem({ productId: hat }, { signal: abort.signal })).toEqual({ outcome: "withdrawn" });
  });

  test("is not taken where too much waits already", async () => {
    const { live, network } = shop({ maxPending: 2 });
    network.gate = new Promise(() => {});
    void add(live);
    void live.undo();
    expect(await live.undo()).toEqual({ outcome: "queueFull" });
    expect(live.getSnapshot().pending).toBe(2);
  });

  test("fails when the service fails at it again and again", async () => {
    const { live, network, pass, sent } = shop();
    const error = new Error("Something went wrong here");
    network.answer = () => ({ outcome: "failed", error });
    const adding = add(live);
    for (let attempt = 1; attempt < 3; attempt++) {
      await settled();
      pass();
    }
    expect(await adding).toEqual({ outcome: "failed", error });
    expect(sent).toHaveLength(3);
    expect(live.getSnapshot()).toMatchObject({ pending: 0, told: [{ kind: "failed", error }] });
  });

  test.each<[string, (live: LiveCart) => Promise<unknown>, unknown]>([
    ["a quantity", (live) => live.setQuantity({ productId: shoes, quantity: 4 }), { lines: 2, pieces: 5 }],
    ["a removal", (live) => live.removeItem({ productId: shoes }), { lines: 1, pieces: 1 }],
    ["clearing", (live) => live.clear(), { lines: 0, pieces: 0 }],
    ["undoing", (live) => live.removeItem({ productId: shoes }).then(() => live.undo()), { lines: 2, pieces: 2 }],
  ])("may be %s", async (_what, act, expected) => {
    const { live, inMemory } = shop();
    await isLive(live);
    await add(live);
    await add(live, "hat");
    await act(live);
    const { version } = await inMemory.load(cartId);
    const { cart } = await live.until((state) => state.version === version);
    expect({ lines: cart?.items.length, pieces: cart?.totals.itemCount }).toEqual(expected as never);
  });

  test("may be cancelling, and then nothing else", async () => {
    const { live } = shop();
    await isLive(live);
    await add(live);
    await live.cancel();
    expect((await live.until(({ cart }) => cart?.status === "Cancelled")).status).toBe("live");
    expect(await add(live)).toMatchObject({ outcome: "refused", refusal: { code: "CartClosed", status: "Cancelled" } });
  });
});

describe("what others do", () => {
  test("shows as it happens, under what is still pending", async () => {
    const { live, another, network } = shop();
    await isLive(live);
    const gate = Promise.withResolvers<void>();
    network.gate = gate.promise;
    void add(live);
    network.gate = undefined;
    const other = another();
    await add(other, "hat");
    const { cart } = await live.until(({ version }) => version === 2);
    expect(cart?.items.map(({ productId }) => productId)).toEqual([hat, shoes]);
    gate.resolve();
    expect((await live.until(({ pending, version }) => pending === 0 && version === 3)).cart?.totals.itemCount).toBe(2);
  });
});

describe("without a connection", () => {
  test("everything goes on, and is made up for in order once the service is back, each thing under its own key", async () => {
    const { live, network, sent, pass, inMemory } = shop();
    await isLive(live);
    network.answer = () => ({ outcome: "unreachable" });
    const doing = [add(live), add(live, "hat"), live.removeItem({ productId: shoes }), live.undo()];
    await settled();
    expect(live.getSnapshot()).toMatchObject({ status: "offline", pending: 4, cart: { totals: { itemCount: 2 } } });
    pass();
    await settled();
    network.answer = undefined;
    pass();
    expect((await Promise.all(doing)).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted", "accepted"]);
    expect((await isLive(live)).cart?.totals.itemCount).toBe(2);
    expect(sent.map((command) => (command as { type: string }).type)).toEqual([
      "addItem",
      "addItem",
      "addItem",
      "addItem",
      "removeItem",
      "undo",
    ]);
    const events = await inMemory.events(cartId);
    expect(events.map(({ type, correlationId }) => `${type} ${correlationId}`)).toEqual([
      "CartOpened key-1",
      "ItemAddedToCart key-1",
      "ItemAddedToCart key-2",
      "ItemRemovedFromCart key-3",
      "RemovalUndone key-4",
    ]);
  });

  test("it says so, catches up behind what it had, and is live again", async () => {
    const { live, observers, another, asked, waits, pass } = shop();
    const statuses: string[] = [];
    live.subscribe(() => statuses.push(live.getSnapshot().status));
    await isLive(live);
    await add(live);
    await live.until(({ version }) => version === 2);
    observers[0]?.connection("lost");
    expect(live.getSnapshot().status).toBe("offline");
    observers[0]?.ended(null);
    pass();
    await settled();
    observers[1]?.ended(null);
    expect(live.getSnapshot().status).toBe("offline");
    expect(waits).toHaveLength(1);
    await add(another(), "hat");
    pass();
    expect((await live.until(({ status, version }) => status === "live" && version === 3)).cart?.totals.itemCount).toBe(2);
    expect(asked).toEqual([undefined, "2", "2"]);
    expect(statuses.filter((status, index) => status !== statuses[index - 1])).toEqual([
      "catchingUp",
      "live",
      "offline",
      "live",
      "offline",
      "live",
    ]);
  });

  test("it looks for the service again at once when it is told to", async () => {
    const { live, network, asked } = shop();
    await isLive(live);
    network.answer = () => ({ outcome: "unreachable" });
    const adding = add(live);
    await settled();
    network.answer = undefined;
    live.reconnect();
    expect(live.getSnapshot().status).toBe("offline");
    expect((await adding).outcome).toBe("accepted");
    expect((await isLive(live)).pending).toBe(0);
    expect(asked).toEqual([undefined, "0"]);
  });

  test("it says so as soon as the browser does, until something comes over it all the same", async () => {
    const { live, another } = shop();
    await isLive(live);
    live.lose();
    expect(live.getSnapshot().status).toBe("offline");
    await add(another());
    expect((await isLive(live)).cart?.totals.itemCount).toBe(1);
    const unwatched = shop({ watched: false }).live;
    unwatched.lose();
    expect(unwatched.getSnapshot().status).toBe("catchingUp");
  });

  test("what waits to be sent is sent as soon as the cart is live again", async () => {
    const { live, network, observers } = shop();
    await isLive(live);
    observers[0]?.connection("lost");
    network.answer = () => ({ outcome: "unreachable" });
    const adding = add(live);
    await settled();
    network.answer = undefined;
    observers[0]?.connection("connected");
    expect((await adding).outcome).toBe("accepted");
  });
});

describe("the service", () => {
  test("that refuses to tell ends the following, with the reason", async () => {
    const { live, observers, waits } = shop();
    await isLive(live);
    const refusal: Refusal = { code: "Unauthenticated", reason: "revoked" };
    observers[0]?.ended(refusal);
    expect(live.getSnapshot()).toMatchObject({ status: "ended", refusal });
    expect(waits).toEqual([]);
    live.reconnect();
    expect(await isLive(live)).toMatchObject({ refusal: null });
  });

  test("that tells what can't be followed is asked for the whole cart", async () => {
    const { live, observers, asked, stopped } = shop();
    await isLive(live);
    await add(live);
    await live.until(({ version }) => version === 2);
    observers[0]?.message({ kind: "change", version: 9 } as never, "9");
    expect(asked).toEqual([undefined, undefined]);
    expect(stopped).toEqual([observers[0]]);
    expect((await isLive(live)).version).toBe(2);
    observers[0]?.message({ kind: "snapshot", version: 0, snapshot: null }, "0");
    expect(live.getSnapshot().version).toBe(2);
  });
});

describe("a page", () => {
  test("sees the same state until something has changed, and on a server the one before anything is known", async () => {
    const { live } = shop({ watched: false });
    const before = live.getSnapshot();
    expect(live.getSnapshot()).toBe(before);
    expect(before).toEqual(live.getServerSnapshot());
    expect(live.getServerSnapshot()).toBe(live.getServerSnapshot());
    await isLive(live);
    expect(live.getSnapshot()).not.toBe(before);
  });

  test("that nobody looks at any more is not followed for long; one that comes back goes on behind what it had", async () => {
    const { live, asked, stopped, pass, waits } = shop({ watched: false, lingerMs: 700 });
    const leave = live.subscribe(() => {});
    await isLive(live);
    pass();
    leave();
    leave();
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([700]);
    const again = live.subscribe(() => {});
    await settled();
    expect([waits, stopped]).toEqual([[], []]);
    again();
    pass();
    await settled();
    expect(stopped).toHaveLength(1);
    live.subscribe(() => {});
    await isLive(live);
    expect(asked).toEqual([undefined, "0"]);
  });

  test("that waits for something stops waiting when it is aborted", async () => {
    const { live } = shop();
    const abort = new AbortController();
    const waiting = live.until(() => false, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(live.until(() => true, { signal: abort.signal })).rejects.toThrow("enough");
    const broken = live.until(() => {
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
  });

  test("is told when nobody looks and nothing is under way", async () => {
    const onIdle = vi.fn();
    const { live } = shop({ watched: false, onIdle });
    await add(live);
    expect(onIdle).toHaveBeenCalledTimes(1);
    expect(live.getSnapshot()).toMatchObject({ pending: 0, cart: null });
  });
});

test("a closed cart withdraws what it had not sent, and takes nothing more", async () => {
  const { live, network, stopped, asked } = shop();
  await isLive(live);
  const gate = Promise.withResolvers<void>();
  network.gate = gate.promise;
  const [underWay, waiting] = [add(live), add(live, "hat")];
  live.close();
  expect(await waiting).toEqual({ outcome: "withdrawn" });
  gate.resolve();
  expect((await underWay).outcome).toBe("accepted");
  expect(await add(live)).toEqual({ outcome: "withdrawn" });
  expect(stopped).toHaveLength(1);
  live.subscribe(() => {});
  live.reconnect();
  expect(asked).toHaveLength(1);
});
