import { expect, test } from "vitest";
import { entityTag, matchesNoneOf, parseIfMatch } from "./entity-tag.ts";

test("a version's tag is what If-Match takes back", () => expect(parseIfMatch(entityTag(3))).toEqual([3]));

test.each([
  ["*", "exists"],
  [' "3" ', [3]],
  ['"3", "4"', [3, 4]],
  ['W/"3"', []],
  ['W/"3","4"', [4]],
  ['"another server\'s"', undefined],
  ['"anothers"', []],
  ['"03"', []],
  ['""', []],
  ["3", undefined],
  ['w/"3"', undefined],
  ["", undefined],
  ['"3" "4"', undefined],
])("If-Match: %s", (header, expected) => expect(parseIfMatch(header)).toEqual(expected));

test.each([
  ['"3"', false],
  ['W/"3"', false],
  ['"2", W/"3"', false],
  ["*", false],
  ['"4"', true],
  ["nonsense", true],
])("If-None-Match: %s lets a cart of version 3 through: %s", (header, expected) => expect(matchesNoneOf(header, 3)).toBe(expected));
