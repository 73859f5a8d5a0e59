import { expect, test } from "vitest";
import { guards } from "./architecture.ts";
import { readSourceTree } from "./source-tree.ts";

const tree = readSourceTree(`${import.meta.dirname}/..`);

test.each(Object.entries(guards))("%s", (_promise, guard) => {
  expect(guard(tree)).toEqual([]);
});
