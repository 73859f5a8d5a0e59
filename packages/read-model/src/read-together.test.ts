import { describe, expect, test } from "vitest";
import { readTogether } from "./read-together.ts";

const open = (options?: { maxIds: number }) => {
  const asked: (readonly number[])[] = [];
  const read = readTogether(async (ids: readonly number[]) => {
    asked.push(ids);
    if (ids.includes(13)) throw new Error("no");
    return new Map(ids.filter((id) => id < 100).map((id) => [id, `view ${id}`]));
  }, options);
  return { asked, read };
};

describe("what is read in one turn of the event loop", () => {
  test("is asked of the store once, and each gets what it asked for", async () => {
    const { asked, read } = open();
    const found = await Promise.all([read([1]), read([2, 3]), read([1, 100]), read([])]);
    expect(found.map((each) => [...each])).toEqual([
      [[1, "view 1"]],
      [
        [2, "view 2"],
        [3, "view 3"],
      ],
      [[1, "view 1"]],
      [],
    ]);
    expect(asked).toEqual([[1, 2, 3, 100]]);
  });

  test("is asked anew in the next one", async () => {
    const { asked, read } = open();
    await read([1]);
    await read([1]);
    expect(asked).toEqual([[1], [1]]);
  });

  test("fails together, and the next is another try", async () => {
    const { read } = open();
    const outcomes = await Promise.allSettled([read([1]), read([13])]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await read([1])).toEqual(new Map([[1, "view 1"]]));
  });

  test("is bounded", async () => {
    const { asked, read } = open({ maxIds: 2 });
    await Promise.all([read([1]), read([2]), read([3])]);
    expect(asked).toEqual([[1, 2], [3]]);
  });
});
