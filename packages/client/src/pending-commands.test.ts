import type { IdempotencyKey } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import type { CartCommand } from "./cart-command.ts";
import {
  accepted,
  afterChange,
  afterSnapshot,
  issue,
  nextToSend,
  type PendingCommands,
  refused,
  sent,
  withdrawn,
} from "./pending-commands.ts";
import { cartId, now, productId, seen } from "./spec.ts";

const key = (text: string) => text as IdempotencyKey;
const add = (name = "shoes", quantity = 1): CartCommand => ({ type: "addItem", productId: productId(name), quantity, product: seen(name) });
const issued = (...commands: readonly CartCommand[]): PendingCommands =>
  commands.reduce<PendingCommands>((pending, command, index) => issue(pending, { id: index, command }, key(`k${index}`)), []);
const shapeOf = (pending: PendingCommands) => pending.map(({ key, taps, stage }) => `${key} ${stage.at} ${taps.map(({ id }) => id)}`);
const added = { type: "ItemAddedToCart", data: { cartId, productId: productId("shoes"), quantity: 1, addedAt: now } } as never;

describe("commands that wait", () => {
  test("are merged over those of other products, and never with one that was sent", () => {
    expect(shapeOf(issued(add(), add("hat"), add(), { type: "undo" }, add()))).toEqual([
      "k0 queued 0,2",
      "k1 queued 1",
      "k3 queued 3",
      "k4 queued 4",
    ]);
    expect(shapeOf(issue(sent(issued(add()), key("k0")), { id: 1, command: add() }, key("k1")))).toEqual(["k0 sent 0", "k1 queued 1"]);
  });

  test("are sent one after another", () => {
    const two = issued(add(), add("hat"));
    expect(nextToSend(two)?.key).toBe(key("k0"));
    const first = sent(two, key("k0"));
    expect(nextToSend(first)).toBe(undefined);
    expect(nextToSend(accepted(first, key("k0"), { version: 2, shown: 0 }))?.key).toBe(key("k1"));
    expect(nextToSend([])).toBe(undefined);
  });

  test("may be withdrawn, one tap at a time", () => {
    const merged = issued(add(), add("shoes", 3), add());
    expect(withdrawn(merged, 1)).toMatchObject([{ command: { quantity: 2 } }]);
    expect(withdrawn(withdrawn(withdrawn(merged, 1), 0), 2)).toEqual([]);
    const underWay = sent(merged, key("k0"));
    expect(withdrawn(underWay, 1)).toBe(underWay);
  });

  test("ask for themselves where they do not fit together, under keys of their own, and are not merged again", () => {
    const limit = { code: "TooManyOfProduct", productId: productId("shoes"), asked: 10_000, max: 9_999 } as const;
    const apart = refused(sent(issued(add(), add(), add("hat")), key("k0")), key("k0"), limit);
    expect(shapeOf(apart)).toEqual(["k0.0 queued 0", "k0.1 queued 1", "k2 queued 2"]);
    expect(shapeOf(issue(apart, { id: 9, command: add() }, key("k9")))).toEqual([
      "k0.0 queued 0",
      "k0.1 queued 1",
      "k2 queued 2",
      "k9 queued 9",
    ]);
    expect(shapeOf(refused(sent(apart, key("k0.0")), key("k0.0"), limit))).toEqual(["k0.1 queued 1", "k2 queued 2"]);
  });
});

describe("a command that was accepted", () => {
  const underWay = sent(issued(add()), key("k0"));

  test("is shown as predicted until the cart has come to it", () => {
    const answered = accepted(underWay, key("k0"), { version: 3, shown: 1 });
    expect(shapeOf(answered)).toEqual(["k0 answered 0"]);
    const other = { version: 2, event: added, correlationId: "other" };
    expect(afterChange(answered, other)).toEqual(answered);
    expect(afterChange(answered, { ...other, version: 3 })).toEqual([]);
    expect(accepted(underWay, key("k0"), { version: 3, shown: 3 })).toEqual([]);
  });

  test("is not shown twice when it comes back before its answer does", () => {
    const opened = afterChange(underWay, { version: 1, event: { type: "CartOpened" } as never, correlationId: "k0" });
    expect(opened).toMatchObject([{ stage: { at: "sent", seen: false } }]);
    const back = afterChange(opened, { version: 2, event: added, correlationId: "k0" });
    expect(back).toMatchObject([{ stage: { at: "sent", seen: true } }]);
    expect(accepted(back, key("k0"), { version: 2, shown: 2 })).toEqual([]);
  });

  test("is gone with a cart that was restored to a time before it, and is not with one that only lags", () => {
    const answered = accepted(underWay, key("k0"), { version: 5, shown: 4 });
    expect(afterSnapshot(answered, { version: 4, before: 4 })).toEqual(answered);
    expect(afterSnapshot(answered, { version: 5, before: 4 })).toEqual([]);
    expect(afterSnapshot(answered, { version: 2, before: 4 })).toEqual([]);
    expect(afterSnapshot(underWay, { version: 2, before: 4 })).toEqual(underWay);
  });
});
