import { expect, test } from "vitest";
import { countOf } from "./count-of.ts";

test.each([
  [1, "en-GB", "1 item"],
  [0, "en-GB", "0 items"],
  [1_200, "en-GB", "1,200 items"],
  [1_200, "vi-VN", "1.200 items"],
] as const)("%i in %s reads as '%s'", (count, locale, text) => {
  expect(countOf(count, "item", locale)).toBe(text);
});
