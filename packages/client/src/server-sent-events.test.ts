import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ServerSentEvent, serverSentEvents } from "./server-sent-events.ts";

const encoder = new TextEncoder();

const eventsOf = async (...chunks: readonly Uint8Array[]): Promise<readonly ServerSentEvent[]> => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(body)) events.push(event);
  return events;
};
const parse = (text: string) => eventsOf(encoder.encode(text));

describe("a stream of events", () => {
  test("has a type, data of one or more lines, and the id that was named last", async () => {
    expect(await parse("id: 1\ndata: a\ndata: b\n\nevent: ping\ndata:\n\nid: 2\n\ndata:  c\n\n")).toEqual([
      { type: "message", data: "a\nb", lastEventId: "1" },
      { type: "ping", data: "", lastEventId: "1" },
      { type: "message", data: " c", lastEventId: "2" },
    ]);
  });

  test("has comments, fields without a meaning and events without data, which are passed over", async () => {
    expect(await parse(": hello\nretry: 5\nnonsense\n\nevent: x\n\ndata: a\n\n")).toEqual([
      { type: "message", data: "a", lastEventId: "" },
    ]);
  });

  test("ends with an event that is not complete, which is none", async () => {
    expect(await parse("data: a\n\ndata: b\n")).toEqual([{ type: "message", data: "a", lastEventId: "" }]);
  });

  test("is the same wherever it is cut, also within a character, and however its lines end", async () => {
    const lines = ["id: 7", "data: käse 🧀", "", "event: x", "data: b", "data", "", ""];
    const expected = [
      { type: "message", data: "käse 🧀", lastEventId: "7" },
      { type: "x", data: "b\n", lastEventId: "7" },
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat({ max: 60 }), { maxLength: 8 }), async (end, cuts) => {
        const bytes = encoder.encode(`${lines.join(end)}${end}`);
        const places = [0, ...cuts.toSorted((left, right) => left - right), bytes.length];
        const chunks = places.slice(1).map((place, index) => bytes.slice(places[index], place));
        expect(await eventsOf(...chunks)).toEqual(expected);
      }),
    );
  });
});
