import { describe, expect, test } from "vitest";
import * as z from "zod";
import { InvalidEvent, UnknownEvent, UnknownEventVersion } from "./event-errors.ts";
import { eventSchema, firstVersion } from "./event-schema.ts";

const meter = eventSchema({
  Started: firstVersion(z.strictObject({ at: z.string() })),
  Measured: firstVersion(z.strictObject({ metres: z.number() }))
    .nextVersion(z.strictObject({ centimetres: z.number() }), ({ metres }) => ({ centimetres: metres * 100 }))
    .nextVersion(z.strictObject({ centimetres: z.number(), by: z.string().nullable() }), (older) => ({ ...older, by: null })),
});

describe("an event's schema", () => {
  test("stores an event in the newest version of its type", () => {
    const event = { type: "Measured", data: { centimetres: 5, by: "ada" } } as const;
    expect(meter.encode(event)).toEqual({ ...event, schemaVersion: 3 });
  });

  test.each([
    [1, { metres: 2 }, { centimetres: 200, by: null }],
    [2, { centimetres: 7 }, { centimetres: 7, by: null }],
    [3, { centimetres: 7, by: "ada" }, { centimetres: 7, by: "ada" }],
  ])("reads version %i as if it were written today", (schemaVersion, data, newest) => {
    expect(meter.decode({ type: "Measured", schemaVersion, data })).toEqual({ type: "Measured", data: newest });
  });

  test("is loud about a type that it does not know, and can be asked before", () => {
    expect(() => meter.decode({ type: "Melted", schemaVersion: 1, data: {} })).toThrow(UnknownEvent);
    expect(() => meter.decode({ type: "toString", schemaVersion: 1, data: {} })).toThrow(UnknownEvent);
    expect(meter.knows("Melted")).toBe(false);
    expect(meter.knows("Started")).toBe(true);
  });

  test.each([0, 4, 1.5, -1])("is loud about version %d, which does not exist", (schemaVersion) => {
    expect(() => meter.decode({ type: "Measured", schemaVersion, data: { metres: 1 } })).toThrow(UnknownEventVersion);
  });

  test.each([{}, { at: 5 }, { at: "now", by: "ada" }, null, "at"])("is loud about data that breaks the promise: %j", (data) => {
    const decode = () => meter.decode({ type: "Started", schemaVersion: 1, data });
    expect(decode).toThrow(InvalidEvent);
    expect(decode).toThrow(/^Event Started version 1 is invalid/);
  });

  test("lists every version that a log may hold", () => {
    expect(meter.stored).toEqual([
      { type: "Started", schemaVersion: 1 },
      { type: "Measured", schemaVersion: 1 },
      { type: "Measured", schemaVersion: 2 },
      { type: "Measured", schemaVersion: 3 },
    ]);
  });
});
