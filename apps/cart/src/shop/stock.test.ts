import { maxStock, StockId } from "@cartwright/contracts/pricing-shapes";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { describe, expect, test } from "vitest";
import { aKey, merchant } from "../spec.ts";
import { stock, stockModel } from "./stock.ts";

const mice = StockId.parse("mice");
const hats = StockId.parse("hats");

/** What a shop's stock is to so many processes on one log. */
const processes = (count: number) => {
  const now = () => new Date();
  const log = inMemoryEventLog({ name: "cart", now });
  return Array.from({ length: count }, () => stock({ handler: commandHandler({ log, model: stockModel }), log, now }));
};
const onHand = async (process: ReturnType<typeof stock>, stockId = mice) => (await process.levels([stockId])).get(stockId)?.onHand;

describe("whoever counts", () => {
  test.each([[1], [2]])("at once with others who counted the same, in %i process(es), finds what they counted", async (count) => {
    const all = processes(count);
    const [one = all[0], other = one] = all;
    if (!one || !other) throw new Error("there is a process");
    await Promise.all([one, other, one, other, one, other].map((process) => process.set(merchant, [{ stockId: mice, onHand: 5 }])));
    expect(await onHand(one)).toBe(5);
    await Promise.all([
      one.set(merchant, [
        { stockId: mice, onHand: 9 },
        { stockId: hats, onHand: 2 },
      ]),
      other.set(merchant, [
        { stockId: hats, onHand: 2 },
        { stockId: mice, onHand: 9 },
      ]),
    ]);
    expect([await onHand(other), await onHand(other, hats)]).toEqual([9, 2]);
  });

  test("while a delivery comes has counted before it or after it, and no piece is counted twice", async () => {
    const [one, other] = processes(2);
    if (!one || !other) throw new Error("there are two");
    await one.set(merchant, [{ stockId: mice, onHand: 5 }]);
    await Promise.all([one.set(merchant, [{ stockId: mice, onHand: 7 }]), other.adjust(merchant, [{ stockId: mice, delta: 10 }])]);
    expect([7, 17]).toContain(await onHand(one));
  });

  test("as many as were known, and again under the same key, puts nothing back that was sold in between", async () => {
    const [one] = processes(1);
    const count = { stockId: mice, onHand: 5, idempotencyKey: aKey("monday") };
    await one?.adjust(merchant, [{ stockId: mice, delta: 5 }]);
    await one?.set(merchant, [count]);
    await one?.adjust(merchant, [{ stockId: mice, delta: -2 }]);
    expect(await one?.set(merchant, [count])).toMatchObject([{ ok: true, value: { onHand: 3 } }]);
  });

  test("again under the same key has counted once, whatever has come and gone since", async () => {
    const [one] = processes(1);
    const count = { stockId: mice, onHand: 5, idempotencyKey: aKey("monday") };
    await one?.set(merchant, [count]);
    await one?.adjust(merchant, [{ stockId: mice, delta: -2 }]);
    expect(await one?.set(merchant, [count])).toMatchObject([{ ok: true, value: { onHand: 3 } }]);
    expect(await one?.set(merchant, [{ ...count, onHand: 4 }])).toMatchObject([{ ok: false, refusal: { code: "IdempotencyKeyReused" } }]);
  });
});

test("no delivery brings a stock beyond the most that can be kept, and whoever counts may come down from there", async () => {
  const [one] = processes(1);
  const adjust = async (delta: number) => (await one?.adjust(merchant, [{ stockId: mice, delta }]))?.[0];
  const tooHigh = { code: "StockTooHigh", stockId: mice, max: maxStock } as const;
  expect(await adjust(Number.MAX_SAFE_INTEGER)).toEqual({
    ...{ ok: false, refusal: { ...tooHigh, delta: Number.MAX_SAFE_INTEGER, available: 0 } },
  });
  expect(await adjust(maxStock)).toMatchObject({ ok: true, value: { onHand: maxStock } });
  expect(await adjust(1)).toEqual({ ok: false, refusal: { ...tooHigh, delta: 1, available: maxStock } });
  expect(await adjust(-1)).toMatchObject({ ok: true, value: { onHand: maxStock - 1 } });
  expect(await one?.set(merchant, [{ stockId: mice, onHand: 3 }])).toMatchObject([{ ok: true, value: { onHand: 3 } }]);
});
