import { describe, expect, test, vi } from "vitest";
import { FetchEventSource } from "./fetch-event-source.ts";

const encoder = new TextEncoder();

const streamOf = (text: string, { open = false } = {}) =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(encoder.encode(text));
        if (!open) controller.close();
      },
    }),
    { headers: { "content-type": "text/event-stream; charset=utf-8" } },
  );

type Heard = { type: string; data?: string; lastEventId?: string; message?: string; readyState: number };

/** What is heard of a source whose connections are answered like this, until it holds. */
const hear = (answers: readonly (() => Response | Promise<Response>)[], until: (heard: readonly Heard[]) => boolean) => {
  const left = [...answers];
  const fetch = vi.fn(async (_url: string, init: RequestInit): Promise<Response> => {
    const answer = left.shift();
    if (answer) return answer();
    return new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  });
  const headers = vi.fn(async () => ({ authorization: "Bearer ada" }));
  const source = new FetchEventSource("http://shop.test/live", { fetch, headers, clock: { wait: async () => {} } });
  const heard: Heard[] = [];
  const done = new Promise<void>((resolve) => {
    for (const type of ["message", "connected", "error"])
      source.addEventListener(type, (event) => {
        const { data, lastEventId, message } = event as Event & Heard;
        heard.push({ type, data, lastEventId, message, readyState: source.readyState } as Heard);
        if (until(heard)) resolve();
      });
  });
  return done.then(() => ({ heard, fetch, headers, source }));
};

const refuse = () => Promise.reject(new TypeError("fetch failed"));

describe("server-sent events over fetch", () => {
  test("come with a token in a header, and with what the runtime's own EventSource tells of them", async () => {
    const answers = [() => streamOf("event: connected\ndata: {}\n\nid: 7\ndata: hello\n\n", { open: true })];
    const { heard, fetch, source } = await hear(answers, ({ length }) => length === 2);
    expect(heard).toMatchObject([
      { type: "connected", data: "{}", lastEventId: "", readyState: 1 },
      { type: "message", data: "hello", lastEventId: "7", readyState: 1 },
    ]);
    expect(fetch.mock.calls[0]?.[1].headers).toEqual({ authorization: "Bearer ada", accept: "text/event-stream" });
    source.close();
    expect(source.readyState).toBe(source.CLOSED);
    expect(fetch.mock.calls[0]?.[1].signal?.aborted).toBe(true);
  });

  test("go on behind the last one when the connection is lost, with the token of then", async () => {
    const answers = [
      () => streamOf("id: 7\ndata: a\n\n"),
      refuse,
      () => new Response(null, { status: 503 }),
      () => streamOf("id: 8\ndata: b\n\n"),
    ];
    const { heard, fetch, headers, source } = await hear(answers, (all) => all.at(-1)?.data === "b");
    source.close();
    expect(heard.map(({ type, readyState }) => `${type} ${readyState}`)).toEqual([
      "message 1",
      "error 0",
      "error 0",
      "error 0",
      "message 1",
    ]);
    expect(fetch.mock.calls.map(([, init]) => new Headers(init.headers).get("last-event-id"))).toEqual([null, "7", "7", "7"]);
    expect(headers).toHaveBeenCalledTimes(4);
  });

  test.each<[string, () => Response]>([
    ["there is nothing", () => new Response("no", { status: 404 })],
    ["the answer is a page", () => new Response("<h1>Sign in</h1>", { headers: { "content-type": "text/html" } })],
  ])("end for good where %s", async (_what, answer) => {
    const { heard, source } = await hear([answer], ({ length }) => length === 1);
    expect(heard).toMatchObject([{ type: "error", readyState: 2, message: expect.stringContaining("no stream") }]);
    expect(source.readyState).toBe(source.CLOSED);
  });
});
