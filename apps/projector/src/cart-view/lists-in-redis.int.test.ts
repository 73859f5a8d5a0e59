import { cartStreamId } from "@cartwright/contracts/cart-events";
import { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartId } from "@cartwright/contracts/ids";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { CartViewRecord } from "@cartwright/read-model/cart-view-writer";
import { subjectCartsIn } from "@cartwright/read-model/cart-views-from-log";
import { viewOfEvents } from "@cartwright/read-model/fold-cart-view";
import { cartViewKeys, placedList } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewReader } from "@cartwright/read-model/redis/redis-cart-view-reader";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisListFilling } from "@cartwright/read-model/redis/redis-list-filling";
import type { IndexReached, SubjectCarts } from "@cartwright/read-model/subject-carts";
import { redisOver } from "@cartwright/read-model/testing/redis-over";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scanned } from "../rebuild/redis-snapshot.ts";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep, shopper } from "../testing/shopping.ts";
import { projectCartViews } from "./project-cart-views.ts";

const shards = 2;

/** What may happen, each with a number of whatever meaning; the last few begin anew in the middle of a filling. */
const happenings = [
  "shop",
  "flush",
  "shop and flush",
  "flush again",
  "index",
  "run out",
  "lists run out",
  "view runs out",
  "fill",
  "save",
  "fail over",
  "wipe",
] as const;
const often = ["shop", "flush", "shop and flush", "shop and flush", "index", "fill"] as const;
type Happening = readonly [what: (typeof happenings)[number], number: number];

const add: ShoppingStep = [0, 0, 0];
const checkOut: ShoppingStep = [0, 0, 22];
const approve = add;
/** What happens to carts, over and over: each has another status after almost every event. */
const fates: readonly (readonly ShoppingStep[])[] = [
  [add, checkOut, approve, [0, 0, 1], [0, 0, 1], [0, 0, 3]],
  [add, checkOut, approve, [0, 0, 5], checkOut, approve, [0, 0, 5], [6, 0, 20]],
  [add, add, [6, 0, 20]],
  [add, checkOut, approve, [0, 0, 5], [7, 0, 20]],
];

/** Nine carts of one shopper, of each of which the next event is appended when it is its turn. */
const shopOf = (log: ReturnType<typeof inMemoryEventLog>) => {
  const carts = Array.from({ length: 9 }, (_, index) => {
    const cartId = aCartId();
    return { cartId, events: eventsOfSteps(cartId, fates[index % fates.length] ?? []).map(asNew) };
  });
  const opened = new Set<CartId>();
  return {
    opened,
    async next(number: number) {
      const { cartId, events } = carts[number % carts.length] ?? { cartId: aCartId(), events: [] };
      const event = events.shift();
      if (!event) return;
      await log.append({
        commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: 1 }],
        streams: [{ streamId: cartStreamId(cartId), expect: "any", events: [event] }],
      });
      opened.add(cartId);
    },
  };
};

/** One subject's carts in a log, an index that is behind by as much as it is told, and a projection that flushes when it is told. */
const open = async (redis: RedisClient, prefix: string, queue: Happening[]) => {
  const log = inMemoryEventLog({ name: "cart", shards });
  const shop = shopOf(log);
  const keys = cartViewKeys(prefix).of(1);
  const store = redisCartViewStore({ redis, version: 1, prefix });
  const reader = redisCartViewReader({ redis, log, prefix });
  const indexed = Array.from({ length: shards }, () => 0n);
  const flushes: (() => Promise<unknown>)[] = [];
  const fillings: Promise<unknown>[] = [];

  const begin = async () => {
    const zero = { epoch: log.epoch, position: 0n, eventId: null };
    await store.begin(new Map(Array.from({ length: shards }, (_, shard) => [shard, zero])), (await log.heads()).heads);
    await redis.set(cartViewKeys(prefix).active, "1");
  };
  const remove = async (match: string) => {
    for await (const found of scanned(redis, match)) if (found.length > 0) await redis.unlink(...found);
  };
  const copy = async (from: string, to: string) => {
    for await (const found of scanned(redis, `${from}*`))
      for (const key of found) await redis.exec(["COPY", key, `${to}${key.slice(from.length)}`, "REPLACE"]);
  };
  const flush = async (shard: number, most: number) => {
    const from = (await store.marks(shards)).get(shard);
    const events = from ? await log.read([{ shard, after: from.position }], most) : [];
    const last = events.at(-1);
    if (!from || !last) return;
    const to = { epoch: log.epoch, position: last.position, eventId: last.eventId };
    const again = async () => {
      const records: CartViewRecord[] = [];
      const apply = async (some: readonly CartViewRecord[]) => void records.push(...some);
      await projectCartViews(events, { views: { load: store.load, apply }, streams: log });
      await store.write(records, { shard, from, to });
    };
    flushes.push(again);
    await again();
  };

  const happen = async ([what, number]: Happening): Promise<void> => {
    const backup = `${prefix.slice(0, -1)}-saved:`;
    switch (what) {
      case "shop":
        return await shop.next(number);
      case "flush":
        return await flush(number % shards, 1 + (number % 7));
      case "shop and flush":
        await shop.next(number);
        await flush(0, 1_000);
        return await flush(1, 1_000);
      case "flush again":
        await flushes[number % flushes.length]?.();
        return;
      case "index":
        indexed.splice(0, shards, ...(await log.heads()).heads);
        return;
      case "run out":
        await redis.unlink(keys.listed(shopper));
        return;
      case "lists run out":
        await redis.unlink(keys.listed(shopper));
        return await remove(`${keys.listPrefix}*`);
      case "view runs out": {
        // Not within the moments that a filling takes.
        const cartIds = [...shop.opened];
        const cartId = cartIds[number % cartIds.length];
        if (cartId && ((await redis.get<string>(keys.listed(shopper))) ?? "whole") === "whole") await redis.unlink(keys.view(cartId));
        return;
      }
      case "fill":
        // Also while others are at it.
        fillings.push(fill());
        return;
      case "save":
        await remove(`${backup}*`);
        return await copy(prefix, backup);
      case "fail over":
        await remove(`${prefix}*`);
        await copy(backup, prefix);
        return await begin();
      case "wipe":
        await remove(`${prefix}*`);
        return await begin();
    }
  };
  const meanwhile = async () => {
    const next = queue.shift();
    if (next) await happen(next);
  };
  /** What has been indexed of the log; things happen while it is read. */
  const index: SubjectCarts = {
    async page(subject, request) {
      const isThere = ({ positions }: IndexReached) => positions.every((position, shard) => (indexed[shard] ?? 0n) >= position);
      if (request.reached && !isThere(request.reached)) return null;
      const read: typeof log.read = async (cursors, most) =>
        (await log.read(cursors, most)).filter(({ shard, position }) => position <= (indexed[shard] ?? 0n));
      const page = await subjectCartsIn({ shards, read }).page(subject, request);
      await meanwhile();
      return page;
    },
  };
  const streams: typeof log.readStream = async (...args) => {
    const events = await log.readStream(...args);
    await meanwhile();
    return events;
  };
  const watched: RedisClient = Object.assign(Object.create(redis), {
    async mget(...args: Parameters<RedisClient["mget"]>) {
      const values = await redis.mget(...args);
      await meanwhile();
      return values;
    },
  });
  const fill = () =>
    redisListFilling({ redis: watched, prefix, log: { ...log, readStream: streams }, subjectCarts: index, partSize: 2 })(shopper);

  /** All lists, if they are said to be whole, and what the log says of them up to the marks. */
  const lists = async () => {
    if (typeof (await reader.list(shopper, { limit: 1 })) === "string") return null;
    const marks = await store.marks(shards);
    const expected: Record<string, string[]> = {};
    for (const cartId of shop.opened) {
      const events = await log.readStream(cartStreamId(cartId));
      const view = viewOfEvents(events.filter(({ shard, position }) => position <= (marks.get(shard)?.position ?? 0n)));
      const placed = view?.order ? [placedList] : [];
      for (const list of view ? ["all", view.status, ...placed] : []) expected[list] = [...(expected[list] ?? []), cartId].sort();
    }
    const found: Record<string, string[]> = {};
    for (const list of ["all", placedList, ...CartStatus.options]) {
      const cartIds = await redis.zrange<CartId[]>(keys.list(list, shopper), 0, -1);
      if (cartIds.length > 0) found[list] = cartIds.sort();
    }
    return { found, expected };
  };
  await begin();
  return {
    fillings,
    happen,
    lists,
    fill,
    flush,
    shop,
    log,
    redis,
    keys,
    indexed,
  };
};

const someHappenings = fc.array(fc.tuple(fc.constantFrom(...happenings, ...often, ...often), fc.nat(1_000)), {
  minLength: 20,
  maxLength: 100,
});

test.skipIf(lacks("redis"))(
  "a subject's lists are as the log has them up to the marks, or said not to be whole, whatever happens and when",
  async () => {
    await using opened = new AsyncDisposableStack();
    const { url, keyPrefix } = opened.use(await sharedRedis());
    const redis = await redisOver.RESP(url, opened);
    let run = 0;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(someHappenings, async (happened) => {
        const queue = [...happened];
        run += 1;
        const under = await open(redis, `${keyPrefix}${run}:`, queue);
        for (let cart = 0; cart < 6; cart++) await under.happen(["shop", cart]);
        const expectTrue = async () => {
          const lists = await under.lists();
          expect(lists?.found).toEqual(lists?.expected as never);
          if (lists && Object.keys(lists.expected).length > 0) compared += 1;
        };
        for (let next = queue.shift(); next; next = queue.shift()) {
          await under.happen(next);
          for (let filling = under.fillings.pop(); filling; filling = under.fillings.pop()) await filling;
          await expectTrue();
        }

        // At rest, and after whoever was filling and came to nothing is forgotten, the next who asks finds them whole.
        for (let shard = 0; shard < shards; shard++) await under.flush(shard, 1_000);
        under.indexed.splice(0, shards, ...(await under.log.heads()).heads);
        await redis.unlink(under.keys.listed(shopper));
        expect(await under.fill()).toBe(true);
        await expectTrue();
        const all = await redis.zcard(under.keys.list("all", shopper));
        expect(all).toBe(under.shop.opened.size);
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(100);
  },
  120_000,
);

test.skipIf(lacks("redis"))("a cart whose status changes while its lists are filled is in the list of the newer one alone", async () => {
  await using opened = new AsyncDisposableStack();
  const { url, keyPrefix } = opened.use(await sharedRedis());
  const redis = await redisOver.RESP(url, opened);
  const queue: Happening[] = [];
  const under = await open(redis, keyPrefix, queue);
  // Opened, and something put into it.
  for (let event = 0; event < 2; event++) await under.happen(["shop and flush", 0]);
  await under.happen(["index", 0]);
  // As the index is read, nothing; as views are read, the next event of the cart, which is its checkout.
  queue.push(["index", 0], ["shop and flush", 0]);
  expect(await under.fill()).toBe(true);
  const [cartId] = under.shop.opened;
  expect(queue).toEqual([]);
  expect((await under.lists())?.found).toEqual({ all: [cartId], CheckingOut: [cartId] });
});
