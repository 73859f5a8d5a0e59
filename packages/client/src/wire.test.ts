import fc from "fast-check";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { wire } from "./wire.ts";

const overTheWire = (sent: unknown): never => JSON.parse(JSON.stringify(sent)) as never;

const key = fc
  .oneof(fc.string(), fc.constantFrom("a.b", "\\", "a\\.b", "0", "", ".", ".."))
  .filter((name) => !["__proto__", "constructor", "prototype"].includes(name));

/** Any JSON with dates, bigints and undefined among it, and keys that need escaping. */
const { value: values } = fc.letrec((value) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.constantFrom(true, false, null, undefined),
      fc.bigInt(),
      fc.date({ noInvalidDate: true }),
    ),
    fc.array(value("value"), { maxLength: 4 }),
    fc.dictionary(key, value("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const withoutUndefinedFields = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUndefinedFields);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutUndefinedFields(field)]));
};

describe("what is sent", () => {
  test("is read by superjson as it was, less the fields that are undefined", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(superjson.deserialize(overTheWire(wire.input.serialize(value)))).toStrictEqual(withoutUndefinedFields(value));
      }),
    );
  });

  test("says nothing besides where it is plain JSON", () => {
    expect(wire.input.serialize({ cartId: "x", reason: undefined, items: [1, null] })).toEqual({
      json: { cartId: "x", items: [1, null] },
    });
  });

  test("does not say that two parts of it are one object, which the services refuse", () => {
    const tags = ["new"];
    expect(wire.input.serialize([{ tags }, { tags }])).toEqual({ json: [{ tags }, { tags }] });
  });

  test.each([new Map(), new Set(), () => 1, Symbol("x")])("can't be %p", (value) => {
    expect(() => wire.input.serialize({ value })).toThrow("can't be sent");
  });
});

describe("what is received", () => {
  test("is what superjson was given, where that is JSON with dates, bigints and undefined", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(wire.output.deserialize(overTheWire(superjson.serialize(value)))).toStrictEqual(value);
      }),
    );
  });

  test("is refused where it is of a kind that the services don't send", () => {
    expect(() => wire.output.deserialize(overTheWire(superjson.serialize({ value: new Map([[1, 2]]) })))).toThrow("sent a map");
  });
});
