import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { refusalError } from "../refusals.ts";
import { eventStream } from "./event-stream.ts";
import { LiveStopped } from "./live-hub.ts";

const nothing: LiveCartMessage = { kind: "snapshot", version: 0, snapshot: null };

/** What a client reads of messages that end by this. */
const textOf = async (end: () => Promise<void>, { pingMs }: { pingMs?: number } = {}) => {
  const errors: unknown[] = [];
  let ended = 0;
  const messages = async function* () {
    yield nothing;
    await end();
  };
  const stream = eventStream({
    messages: messages(),
    onEnd: () => {
      ended += 1;
    },
    onError: (error) => errors.push(error),
    ...(pingMs !== undefined && { pingMs }),
  });
  const text = await new Response(stream).text();
  return { text: text.replace(/^retry: [12]\d{3}\n\n/, ""), errors, ended };
};

const snapshot = 'id: 0\nevent: snapshot\ndata: {"kind":"snapshot","version":0,"snapshot":null}\n\n';

test("it says when to come again, and each message with its version as the id", async () => {
  expect(await textOf(async () => {})).toEqual({ text: snapshot, errors: [], ended: 1 });
});

test("a refusal is the last that it says", async () => {
  const refused = refusalError({ code: "Unauthenticated", reason: "expired" });
  const { text, errors } = await textOf(() => Promise.reject(refused));
  expect(text).toBe(`${snapshot}event: refusal\ndata: {"code":"Unauthenticated","reason":"expired"}\n\n`);
  expect(errors).toEqual([]);
});

test("of a failure it says nothing, but ends, so that the client comes again", async () => {
  const bug = new Error("secret");
  expect(await textOf(() => Promise.reject(bug))).toEqual({ text: snapshot, errors: [bug], ended: 1 });
  expect(await textOf(() => Promise.reject(new LiveStopped("stop")))).toEqual({ text: snapshot, errors: [], ended: 1 });
});

/** Reads a stream on which nothing happens until it has been pinged so often, and answers what it said. */
const readPings = async (count: number) => {
  const quiet = Promise.withResolvers<void>();
  const messages = async function* () {
    yield nothing;
    await quiet.promise;
  };
  const stream = eventStream({ messages: messages(), onEnd: () => {}, onError: () => {}, pingMs: 1 });
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk);
    if (text.endsWith(": ping\n\n".repeat(count))) quiet.resolve();
  }
  return text;
};

test("while nothing happens it keeps the connection alive", async () => {
  expect(await readPings(2)).toMatch(/^retry: [12]\d{3}\n\nid: 0\n.*\n.*\n\n(: ping\n\n){2,}$/);
});

test("one that nobody reads asks for nothing, and ends when the reader goes", async () => {
  let asked = 0;
  let ended = 0;
  const messages = async function* () {
    for (;;) {
      asked += 1;
      yield nothing;
    }
  };
  const stream = eventStream({
    messages: messages(),
    onEnd: () => {
      ended += 1;
    },
    onError: () => {},
    pingMs: 1,
  });
  const reader = stream.getReader();
  await reader.read();
  await reader.read();
  // As long as another one is pinged, this one could have been, too.
  await readPings(10);
  expect(asked).toBe(1);
  await reader.cancel();
  await until(() => ended === 1);
});

/** A stream of messages that a test gives, and what has become of it. */
const openStream = (pingMs?: number) => {
  const given: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  const became = { ended: 0, left: false };
  const messages = async function* () {
    try {
      for (;;) {
        const gate = Promise.withResolvers<void>();
        given.push(gate);
        await gate.promise;
        yield nothing;
      }
    } finally {
      became.left = true;
    }
  };
  const stream = eventStream({
    messages: messages(),
    onEnd: () => {
      became.ended += 1;
    },
    onError: (error) => errors.push(error),
    ...(pingMs !== undefined && { pingMs }),
  });
  return { reader: stream.getReader(), became, errors, give: async (number: number) => (await until(() => given[number])).resolve() };
};

test("of one that nobody reads nothing is left when the reader goes", async () => {
  const { reader, became, errors, give } = openStream();
  await reader.read();
  const read = reader.read();
  await give(0);
  await read;
  await reader.cancel();
  await until(() => became.left);
  expect([became.ended, errors]).toEqual([1, []]);
});

test("a message, or a failure, that comes after the reader has gone is nobody's fault", async () => {
  const { reader, became, errors, give } = openStream();
  await reader.read();
  const read = reader.read();
  await reader.cancel();
  await read;
  await give(0);
  await until(() => became.left);
  expect([became.ended, errors]).toEqual([1, []]);
  const failing = Promise.withResolvers<void>();
  const failed = eventStream({
    // biome-ignore lint/correctness/useYield: it fails instead
    messages: (async function* () {
      await failing.promise;
    })(),
    onEnd: () => {},
    onError: (error) => errors.push(error),
  }).getReader();
  await failed.read();
  const reading = failed.read();
  await failed.cancel();
  failing.reject(new Error("it was stopped"));
  await reading;
  await new Promise(setImmediate);
  expect(errors).toEqual([]);
});

test("a ping into a stream that was closed by somebody else ends it, and throws from no timer", async () => {
  const { ReadableStream: Original } = globalThis;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  try {
    globalThis.ReadableStream = class extends Original<Uint8Array> {
      constructor(source: UnderlyingDefaultSource<Uint8Array>, strategy: QueuingStrategy<Uint8Array>) {
        const start = (given: ReadableStreamDefaultController<Uint8Array>) => {
          controller = given;
          source.start?.(given);
        };
        super({ ...source, start }, strategy);
      }
    } as typeof Original;
    const { reader, became, errors } = openStream(1);
    await reader.read();
    const gone = reader.read().catch(() => {});
    controller?.error(new Error("the socket is gone"));
    await gone;
    await until(() => became.ended > 0);
    expect([became.ended, errors]).toEqual([1, []]);
  } finally {
    globalThis.ReadableStream = Original;
  }
});
