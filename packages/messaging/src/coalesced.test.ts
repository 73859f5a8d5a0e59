import { describe, expect, test } from "vitest";
import { coalesced } from "./coalesced.ts";

describe("coalesced writes", () => {
  test("gather what comes in while one is under way", async () => {
    const writes: (readonly number[])[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const write = coalesced<number>(async (items) => {
      writes.push(items);
      if (writes.length === 1) await gate;
    });
    const first = write(1);
    await Promise.resolve();
    const others = [write(2), write(3)];
    open();
    await Promise.all([first, ...others]);
    expect(writes).toEqual([[1], [2, 3]]);
  });

  test("fail those that were in the write that failed, and no others", async () => {
    let isBroken = true;
    const write = coalesced<number>(async () => {
      if (isBroken) throw new Error("away");
    });
    await expect(write(1)).rejects.toThrow("away");
    isBroken = false;
    await write(2);
  });
});
