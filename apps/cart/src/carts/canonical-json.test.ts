import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("the order of keys makes no difference", () =>
  expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true })).toBe(canonicalJson({ a: true, b: [1, { c: "x", d: null }] })));

test("what is absent and what is undefined are the same input", () => expect(canonicalJson({ a: 1, b: undefined })).toBe('{"a":1}'));

test("it stays the JSON of the value, so that different values have different texts", () =>
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  ));
