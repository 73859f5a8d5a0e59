import { cartStreamId } from "@cartwright/contracts/cart-events";
import { UnknownEvent } from "@cartwright/contracts/event-errors";
import type { CartId } from "@cartwright/contracts/ids";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import { inMemoryCartViews } from "@cartwright/read-model/in-memory-cart-views";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aCartId, asRecorded, eventsOfSteps, type ShoppingStep, shownAfter } from "../testing/shopping.ts";
import { projectCartViews, StreamIncomplete } from "./project-cart-views.ts";

const step: fc.Arbitrary<ShoppingStep> = fc.tuple(fc.nat(), fc.nat(20), fc.nat(1_000));
const shopping = fc.array(step, { maxLength: 40 });
/** Any of these steps adds something. */
const adding = (products: number): readonly ShoppingStep[] => Array.from({ length: products }, (_, product) => [0, product, product]);

type Range = { streamId: string; after: number | undefined; limit: number | undefined };

/** A store, and an owner's log of which the test knows what was read. */
const bench = (owned: readonly RecordedEvent[] = []) => {
  const store = inMemoryCartViews();
  const calls: string[] = [];
  const reads: Range[] = [];
  const streams = {
    async readStream(streamId: string, { after = 0, limit }: { after?: number; limit?: number } = {}) {
      reads.push({ streamId, after, limit });
      return owned.filter((event) => event.streamId === streamId && event.version > after).slice(0, limit);
    },
  };
  const counted = (writer: CartViewWriter): CartViewWriter => ({
    load(cartIds) {
      calls.push(`load ${cartIds.length}`);
      return writer.load(cartIds);
    },
    apply(records) {
      calls.push(`apply ${records.length}`);
      return writer.apply(records);
    },
  });
  return {
    views: store,
    calls,
    reads,
    project: (events: readonly RecordedEvent[]) => store.flush((writer) => projectCartViews(events, { views: counted(writer), streams })),
  };
};

describe("whatever a shopper does", () => {
  test("the view is what the domain shows, at every version", async () => {
    await fc.assert(
      fc.asyncProperty(shopping, async (steps) => {
        const cartId = aCartId();
        const events = eventsOfSteps(cartId, steps);
        const { views, project } = bench();
        for (const [index, recorded] of asRecorded(cartId, events).entries()) {
          await project([recorded]);
          expect(await views.get(cartId)).toEqual(shownAfter(events.slice(0, index + 1)));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("it makes no difference in which batches the events come, and how often", async () => {
    const batch = fc.record({ from: fc.nat(60), size: fc.integer({ min: 1, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(shopping, fc.array(batch, { maxLength: 10 }), async (steps, batches) => {
        const cartId = aCartId();
        const events = eventsOfSteps(cartId, steps);
        const recorded = asRecorded(cartId, events);
        const { views, project } = bench(recorded);
        for (const { from, size } of batches) await project(recorded.slice(from % (recorded.length + 1)).slice(0, size));
        await project(recorded.slice(-1));
        expect(await views.get(cartId)).toEqual(shownAfter(events));
      }),
      { numRuns: 150 },
    );
  });
});

test("a batch of many carts is one read and one write", async () => {
  const cartIds = Array.from({ length: 50 }, aCartId);
  const events = new Map(cartIds.map((cartId) => [cartId, eventsOfSteps(cartId, adding(6))]));
  const recorded = new Map([...events].map(([cartId, its]): [CartId, readonly RecordedEvent[]] => [cartId, asRecorded(cartId, its)]));
  const { views, calls, reads, project } = bench();
  await project([...recorded.values()].flatMap((its) => its.slice(0, 3)));
  await project([...recorded.values()].flatMap((its) => its.slice(3)));
  expect(calls).toEqual(["load 50", "apply 50", "load 50", "apply 50"]);
  expect(reads).toEqual([]);
  expect(await views.getMany(cartIds)).toEqual(new Map([...events].map(([cartId, its]) => [cartId, shownAfter(its) as never])));
});

test("a cart of five hundred lines goes on from where it was stored", async () => {
  const cartId = aCartId();
  const many = Array.from({ length: 500 }, (_, index) => index);
  const opening = eventsOfSteps(cartId, adding(1));
  const events = [...opening, ...many.flatMap((index) => distinct(opening.slice(1), index))];
  const recorded = asRecorded(cartId, events);
  const { views, project } = bench();
  for (let start = 0; start < recorded.length; start += 100) await project(recorded.slice(start, start + 100));
  expect((await views.get(cartId))?.items).toHaveLength(501);
  expect(await views.get(cartId)).toEqual(shownAfter(events));
});

describe("where a view is missing on which events build", () => {
  test("just what lies between is read from the owner", async () => {
    const cartId = aCartId();
    const events = eventsOfSteps(cartId, adding(9));
    const recorded = asRecorded(cartId, events);
    const { views, reads, project } = bench(recorded);
    await project(recorded.slice(0, 2));
    await project(recorded.slice(6, 8));
    expect(reads).toEqual([{ streamId: cartStreamId(cartId), after: 2, limit: 4 }]);
    expect(await views.get(cartId)).toEqual(shownAfter(events.slice(0, 8)));
  });

  test("and the cart is not shown without it when the owner does not have it either", async () => {
    const cartId = aCartId();
    const recorded = asRecorded(cartId, eventsOfSteps(cartId, adding(9)));
    const { views, project } = bench(recorded.slice(0, 3));
    await expect(project(recorded.slice(6))).rejects.toThrow(StreamIncomplete);
    expect(await views.get(cartId)).toBeNull();
  });
});

test("what the view has in it already changes nothing", async () => {
  const cartId = aCartId();
  const recorded = asRecorded(cartId, eventsOfSteps(cartId, adding(5)));
  const { calls, reads, project } = bench();
  await project(recorded);
  await project(recorded.slice(1, 4));
  expect(calls).toEqual(["load 1", "apply 1", "load 1", "apply 0"]);
  expect(reads).toEqual([]);
});

test("other streams of the same log are passed over", async () => {
  const { calls, project } = bench();
  const [event] = asRecorded(aCartId(), eventsOfSteps(aCartId(), adding(1)));
  if (!event) throw new Error("a first add is an event");
  await project([{ ...event, streamId: "product-prod-456", type: "ProductListed" }]);
  expect(calls).toEqual(["load 0", "apply 0"]);
});

test("a cart is not shown past an event that is not known here", async () => {
  const cartId = aCartId();
  const recorded = asRecorded(cartId, eventsOfSteps(cartId, adding(3)));
  const { views, project } = bench(recorded);
  const later = recorded.map((event) => (event.version === 2 ? { ...event, type: "CartGiftWrapped" } : event));
  await expect(project(later)).rejects.toThrow(UnknownEvent);
  expect(await views.get(cartId)).toBeNull();
});

/** The same event of another product. */
const distinct = <Event extends { data: object }>(events: readonly Event[], index: number): readonly Event[] =>
  events.map((event) => ({ ...event, data: { ...event.data, productId: `many-${index}` } }));
