import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { describe, expect, test } from "vitest";
import type { BatchHandler, Handlers } from "./handlers.ts";
import { runners } from "./runners.ts";
import { recorded } from "./testing/events.ts";

type ItemAdded = { type: "ItemAdded"; quantity: number };
type CartCleared = { type: "CartCleared" };
type CartEvent = ItemAdded | CartCleared;

const decode = ({ type, data }: RecordedEvent): CartEvent => {
  if (type === "ItemAdded") return { type, quantity: Number(data.quantity) };
  if (type === "CartCleared") return { type };
  throw new Error(`${type} is not known`);
};
const find = (
  handlers: Handlers<CartEvent, { tool: string }, unknown>,
  around = <Result>(_: unknown, call: () => Promise<Result>) => call(),
) => runners<CartEvent, { tool: string }, unknown>({ group: "views", log: "cart", handlers, decode, around });
const added = recorded({ type: "ItemAdded", data: { quantity: 2 }, shard: 3, position: 7n });
const run = (runner: ReturnType<ReturnType<typeof find>>, events: readonly RecordedEvent[]) =>
  typeof runner === "object"
    ? runner.run(
        events.map((event) => ({ event, epoch: "e1" })),
        { tool: "hammer" },
      )
    : undefined;

describe("handlers", () => {
  test("get the decoded event, their tools, and the key under which its effect is had once", async () => {
    const findRunner = find({
      ItemAdded: async ({ quantity }, { tool, key, group, log, epoch, recorded: raw }) => ({ quantity, tool, key, group, log, epoch, raw }),
    });
    expect(await run(findRunner("ItemAdded"), [added])).toEqual({
      quantity: 2,
      tool: "hammer",
      key: "views:cart:e1:3:7",
      group: "views",
      log: "cart",
      epoch: "e1",
      raw: added,
    });
  });

  test("of batches are one runner for all types that they stand for", async () => {
    const fold: BatchHandler<CartEvent, { tool: string }, unknown> = { batch: (events) => events.map(({ event }) => event.type) };
    const findRunner = find({ ItemAdded: fold, CartCleared: fold });
    expect(findRunner("ItemAdded")).toBe(findRunner("CartCleared"));
    expect(await run(findRunner("ItemAdded"), [added, recorded({ type: "CartCleared" })])).toEqual(["ItemAdded", "CartCleared"]);
  });

  test("are told apart: a type that is ignored, one that is not known, and one for which anything stands", () => {
    expect(find({ CartCleared: "ignore" })("CartCleared")).toBe("ignore");
    expect(find({ CartCleared: "ignore" })("ItemAdded")).toBeUndefined();
    expect(find({ "*": () => "any" })("FromTheFuture")).toBeDefined();
  });

  test("fail where their event can't be decoded", async () => {
    await expect(run(find({ "*": () => "any" })("FromTheFuture"), [recorded({ type: "FromTheFuture" })])).rejects.toThrow(
      "FromTheFuture is not known",
    );
  });

  test("run inside what is put around them", async () => {
    const spans: string[] = [];
    const around = async <Result>(events: unknown, call: () => Promise<Result>): Promise<Result> => {
      spans.push(`begin ${(events as RecordedEvent[])[0]?.type}`);
      const result = await call();
      spans.push("end");
      return result;
    };
    const findRunner = find({ ItemAdded: () => void spans.push("handled") }, around);
    await run(findRunner("ItemAdded"), [added]);
    expect(spans).toEqual(["begin ItemAdded", "handled", "end"]);
  });
});
