import fc from "fast-check";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { wire } from "./wire.ts";
import { wireFaultOf } from "./wire-input.ts";

const overTheWire = (sent: unknown): unknown => JSON.parse(JSON.stringify(sent));
const encode = wire.output.serialize;
const decode = wire.input.deserialize;

const key = fc
  .oneof(fc.string(), fc.constantFrom("a.b", "\\", "a\\.b", "0", ""))
  .filter((name) => !["__proto__", "constructor", "prototype"].includes(name));

/** Any JSON value with dates, bigints and undefined among it, and keys that need escaping. */
const { value: wireValues } = fc.letrec((value) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
      fc.constantFrom(true, false, null, undefined),
      fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }),
      fc.date({ noInvalidDate: true }),
    ),
    fc.array(value("value"), { maxLength: 4 }),
    fc.dictionary(key, value("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
describe("what leaves", () => {
  test("is what superjson writes", () => {
    fc.assert(fc.property(wireValues, (value) => expect(encode(value)).toStrictEqual(superjson.serialize(value))));
  });

  test("is read by stock superjson as it was", () => {
    fc.assert(fc.property(wireValues, (value) => expect(superjson.deserialize(overTheWire(encode(value)) as never)).toStrictEqual(value)));
  });

  test("carries no meta when it is plain JSON, and is not copied", () => {
    const cart = { items: [{ name: "Gaming Laptop", quantity: 2 }], total: null };
    expect(encode(cart)).toEqual({ json: cart });
    expect(encode(cart).json).toBe(cart);
  });

  test("is not changed by it", () => {
    const answer = { position: 7n, at: [new Date(0)] };
    encode(answer);
    expect(answer).toEqual({ position: 7n, at: [new Date(0)] });
  });

  const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ inner }), new Date(0));
  test.each<[string, unknown]>([
    ["minus zero", { a: -0 }],
    ["no number", { a: [Number.NaN, Number.POSITIVE_INFINITY] }],
    ["a map", { a: new Map([["x", 1n]]) }],
    ["a set", new Set(["x"])],
    ["a regular expression", { a: /x/g }],
    ["an address", { a: new URL("http://localhost/") }],
    ["an error", { a: new Error("x") }],
    ["bytes", { a: new Uint8Array([1, 2]) }],
    ["what lies deeper than 32 levels", deep],
    ["an invalid date", { a: new Date(Number.NaN) }],
    ["an object of a class", { a: new (class Cart {})() }],
    ["a function", { toJSON: () => "x" }],
    ["a symbol", { a: Symbol("x") }],
    ["what inherits a toJSON", { a: Object.create({ toJSON: () => "x" }) }],
  ])("is left to superjson where it is %s", (_what, value) => {
    expect(encode(value)).toEqual(superjson.serialize(value));
  });

  test("has its cycles cut as superjson cuts them", () => {
    const cycle: Record<string, unknown> = { at: new Date(0) };
    cycle.self = cycle;
    expect(overTheWire(encode(cycle))).toEqual(overTheWire(superjson.serialize(cycle)));
  });

  test.each(["__proto__", "constructor", "prototype"])("has no field named %s, as superjson has it", (name) => {
    expect(() => encode(JSON.parse(`{"a": {"${name}": "x"}}`))).toThrow(name);
  });
});

describe("what a client sends with stock superjson", () => {
  test("arrives as it was, where it is JSON with dates, bigints and undefined", () => {
    const sendable = wireValues.filter((value) => annotations(value) <= 100);
    fc.assert(fc.property(sendable, (value) => expect(decode(overTheWire(superjson.serialize(value)))).toStrictEqual(value)));
  });

  test("may hold 100 annotations and no more", () => {
    const dates = (count: number) => overTheWire(superjson.serialize(Array.from({ length: count }, () => new Date(0))));
    expect(decode(dates(100))).toHaveLength(100);
    expect(wireFaultOf(decode(dates(101)))).toMatch("more than 100");
  });

  test.each<[string, unknown]>([
    ["a regular expression", /(a+)+$/],
    ["a set", new Set([1])],
    ["a map", new Map([[1, 2]])],
    ["an error", new Error("x")],
    ["an address", new URL("http://localhost")],
    ["not a number", Number.NaN],
    ["bytes", new Uint8Array(4)],
  ])("is refused where it is %s", (_what, value) => {
    expect(wireFaultOf(decode(overTheWire(superjson.serialize({ value }))))).toMatch("may name Date, bigint and undefined");
  });

  test("is refused where it tells of one object in two places", () => {
    const line = { quantity: 1 };
    expect(wireFaultOf(decode(overTheWire(superjson.serialize([line, line]))))).toMatch("more than values and v");
  });
});

describe("what no honest client sends is answered with a marker, and nothing is thrown or touched", () => {
  test.each<[string, string]>([
    ["nothing of superjson", `{"cartId":"x"}`],
    ["null", `null`],
    ["a list", `[{"json":1}]`],
    ["a string", `"json"`],
    ["more than json and meta", `{"json":1,"meta":{},"more":1}`],
    ["a meta that is a list", `{"json":1,"meta":[]}`],
    ["a meta that is null", `{"json":1,"meta":null}`],
    ["a meta with a prototype", `{"json":{},"meta":{"__proto__":{"values":["Date"]}}}`],
    ["another version", `{"json":"1","meta":{"values":["bigint"],"v":2}}`],
    ["values that are text", `{"json":"1","meta":{"values":"bigint"}}`],
    ["a place that is not there", `{"json":{},"meta":{"values":{"a":["undefined"]}}}`],
    ["a place within a text", `{"json":"abc","meta":{"values":{"0":["undefined"]}}}`],
    ["an index beyond the list", `{"json":[1],"meta":{"values":{"4000000000":["undefined"]}}}`],
    ["an index that is no number", `{"json":[null],"meta":{"values":{"00":["undefined"]}}}`],
    ["a list's length", `{"json":[1],"meta":{"values":{"length":["bigint"]}}}`],
    ["a tree of annotations", `{"json":{"a":["1"]},"meta":{"values":{"a":["set",{"0":["bigint"]}]}}}`],
    ["a leaf with children", `{"json":{"a":"1"},"meta":{"values":{"a":["bigint",{}]}}}`],
    ["a class", `{"json":{"a":{}},"meta":{"values":{"a":[["class","Cart"]]}}}`],
    ["a path with a wrong escape", `{"json":{"a":"1"},"meta":{"values":{"\\\\a":["bigint"]}}}`],
    ["a place within a date", `{"json":{"a":"2026-01-01T00:00:00.000Z"},"meta":{"values":{"a":["Date"],"a.getTime":["undefined"]}}}`],
    ["a place within what became undefined", `{"json":{"a":null},"meta":{"values":{"a":["undefined"],"a.b":["undefined"]}}}`],
    ["a date that is none", `{"json":"2026-13-45T00:00:00.000Z","meta":{"values":["Date"]}}`],
    ["a date in another form", `{"json":"June 1, 2026","meta":{"values":["Date"]}}`],
    ["a date of a number", `{"json":0,"meta":{"values":["Date"]}}`],
    ["a bigint that is none", `{"json":"0x10","meta":{"values":["bigint"]}}`],
    ["a bigint of a number", `{"json":1,"meta":{"values":["bigint"]}}`],
    ["a bigint that takes long", `{"json":"${"9".repeat(100_000)}","meta":{"values":["bigint"]}}`],
    ["an undefined that hides a value", `{"json":{"a":"x"},"meta":{"values":{"a":["undefined"]}}}`],
    ["an endless path", `{"json":{},"meta":{"values":{"${"a.".repeat(100_000)}":["Date"]}}}`],
  ])("%s", (_what, sent) => {
    expect(wireFaultOf(decode(JSON.parse(sent)))).toEqual(expect.any(String));
  });

  test.each([
    "__proto__.polluted",
    "constructor.prototype.polluted",
    "a.__proto__.polluted",
    "a.constructor.prototype.polluted",
    "__proto__",
  ])("%s as a path reaches nothing that is inherited", (path) => {
    const sent = JSON.parse(`{"json":{"a":{"polluted":null}},"meta":{"values":{"${path}":["undefined"]},"v":1}}`);
    expect(wireFaultOf(decode(sent))).toMatch("where nothing is");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("a __proto__ of the client's own is no way to a prototype", () => {
    const sent = JSON.parse(`{"json":{"__proto__":{"polluted":null}},"meta":{"values":{"__proto__.polluted":["undefined"]}}}`);
    expect(wireFaultOf(decode(sent))).toMatch("where nothing is");
  });

  test("JSON nested a hundred thousand deep", () => {
    const nested = JSON.parse(
      `{"json":${"[".repeat(100_000)}null${"]".repeat(100_000)},"meta":{"values":{"${"0.".repeat(99_999)}0":["undefined"]}}}`,
    );
    expect(wireFaultOf(decode(nested))).toMatch("path");
  });

  test("a client cannot make the marker itself, and what is sent plainly is no fault", () => {
    expect(wireFaultOf(decode({ json: { "wire fault": "x", "Symbol(wire fault)": "x" } }))).toBeUndefined();
    expect(decode({ json: { a: 1 } })).toEqual({ a: 1 });
    expect(decode({ json: "7", meta: { values: ["bigint"], v: 1 } })).toBe(7n);
  });
});

const annotations = (value: unknown): number => {
  if (value === undefined || typeof value === "bigint" || value instanceof Date) return 1;
  return typeof value === "object" && value !== null ? Object.values(value).reduce<number>((sum, item) => sum + annotations(item), 0) : 0;
};
