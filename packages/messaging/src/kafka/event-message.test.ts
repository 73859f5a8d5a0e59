import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recorded } from "../testing/events.ts";
import { decodeEvent, encodeMessage, placeOf } from "./event-message.ts";

const epoch = crypto.randomUUID();
const bytesOf = (value: string) => Buffer.from(value);

/** As a broker hands it back: all headers are bytes. */
const delivered = (event: Parameters<typeof encodeMessage>[0]) => {
  const message = encodeMessage(event, epoch);
  return { ...message, headers: Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Buffer.from(value)])) };
};

const read = (event: Parameters<typeof encodeMessage>[0]) => {
  const { headers, value } = delivered(event);
  const place = placeOf(headers);
  return place && { place, event: decodeEvent(value, place) };
};

describe("an event as a message", () => {
  test("comes back as it was, with its place in the log", () => {
    const event = recorded({
      type: "ItemAddedToCart",
      data: { name: "Gerät „Z“ 🛒", nested: [1, null, { deep: true }] },
      metadata: { correlationId: "c-1", causationId: "cart/3/17", traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
      shard: 13,
      position: 9_007_199_254_740_993n,
      version: 7,
      recordedAt: new Date("2026-11-22T10:11:12.345Z"),
    });
    expect(read(event)).toEqual({ place: { epoch, shard: 13, position: event.position }, event });
  });

  test("comes back whatever its data is", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.bigInt({ min: 1n, max: 2n ** 62n }), (data, position) => {
        // What JSON itself doesn't keep, such as -0, is no event's data.
        const event = recorded({ data: JSON.parse(JSON.stringify(data)), position });
        expect(read(event)?.event).toEqual(event);
      }),
    );
  });

  test("tells in its headers what it is, whose it is and when it was, without its value being read", () => {
    const event = recorded({
      streamId: "cart-7",
      shard: 3,
      position: 12n,
      metadata: { correlationId: "c-1" },
      recordedAt: new Date(1_000),
    });
    expect(encodeMessage(event, epoch)).toMatchObject({
      key: "cart-7",
      timestamp: "1000",
      headers: {
        epoch,
        shard: "3",
        position: "12",
        "event-id": event.eventId,
        type: "Counted",
        "schema-version": "1",
        "correlation-id": "c-1",
      },
    });
    expect(encodeMessage(event, epoch).headers).not.toHaveProperty("traceparent");
  });

  test("is none of ours without a place in a log", () => {
    const { headers } = delivered(recorded());
    expect(placeOf(undefined)).toBeNull();
    expect(placeOf({})).toBeNull();
    for (const name of ["epoch", "shard", "position"]) expect(placeOf({ ...headers, [name]: undefined })).toBeNull();
    for (const position of ["-1", "1.5", "", "many", "1e3", "9".repeat(40)]) expect(placeOf({ ...headers, position })).toBeNull();
  });

  test("is no event when its value is not one", () => {
    const place = { epoch, shard: 0, position: 1n };
    const { value } = delivered(recorded());
    const whole = JSON.parse(value.toString());
    expect(decodeEvent(value, place)).not.toBeNull();
    expect(decodeEvent(null, place)).toBeNull();
    for (const broken of ["", "{", "null", "7", "[]", '"text"', "\u0000", "x".repeat(1_000_000)])
      expect(decodeEvent(bytesOf(broken), place)).toBeNull();
    for (const name of Object.keys(whole)) expect(decodeEvent(bytesOf(JSON.stringify({ ...whole, [name]: null })), place), name).toBeNull();
  });
});
