import superjson from "superjson";
import { describe, expect, test } from "vitest";
import type { Logger } from "./logger.ts";
import { silentLogger } from "./logger.ts";
import { exampleService } from "./testing/example-service.ts";

const LIMIT = 1_048_576;
const json = { "content-type": "application/json" };
const sent = (input: unknown) => JSON.stringify(superjson.serialize(input));

const started = async (logger: Logger = silentLogger) => {
  const service = await exampleService({ logger });
  return {
    ...service,
    post: (path: string, init: RequestInit & { duplex?: "half" } = {}) =>
      service.app.request(`/trpc/${path}`, { method: "POST", headers: json, ...init }),
    get: (path: string, init: RequestInit = {}) => service.app.request(`/trpc/${path}`, init),
  };
};

const answerOf = async (response: Response) => ({
  status: response.status,
  type: response.headers.get("content-type"),
  vary: response.headers.get("vary"),
  body: (await response.text()).replace(/"correlationId":"[^"]*"/g, `"correlationId":"…"`),
});

const chunked = (bytes: number, chunk = 65_536) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes; at += chunk) controller.enqueue(new Uint8Array(Math.min(chunk, bytes - at)).fill(0x20));
      controller.close();
    },
  });

describe("a plain call is answered just as tRPC answers it", () => {
  // The way that is not short: a batch parameter that asks for none leaves the call to tRPC's own handling.
  const longWay = (path: string) => (path.includes("?") ? `${path}&batch=0` : `${path}?batch=0`);
  const query = (input: unknown) => `?input=${encodeURIComponent(sent(input))}`;

  test.each<[string, string, string | undefined]>([
    ["a query", `echo${query({ a: [1, "x", null] })}`, undefined],
    ["a query of text that an address must encode", `echo${query("a+b & c=d%20é")}`, undefined],
    ["a query without an input", "echo", undefined],
    ["a query with an empty input", "echo?input=", undefined],
    ["a mutation with a date and a bigint", "note", sent({ at: new Date(0), position: 7n })],
    ["a mutation without a body", "nothing", ""],
    ["a mutation of what is not valid", "note", sent({ at: "then" })],
    ["a mutation of what superjson may not carry", "echo", sent(new Set([1]))],
    ["a refused call", "whoami", undefined],
    ["a bug", "fail", sent("bug")],
    ["what is away", "fail", sent("away")],
    ["a procedure that there is not", "no.such", undefined],
    ["a query by POST", "echo", sent(1)],
    ["a mutation by GET", "nothing", undefined],
    ["a name that every object has", "constructor", undefined],
  ])("%s", async (_what, path, body) => {
    const { post, get } = await started();
    const asked = (at: string) => (body === undefined ? get(at) : post(at, { body }));
    expect(await answerOf(await asked(path))).toEqual(await answerOf(await asked(longWay(path))));
  });

  test("and what is no JSON is refused on either way", async () => {
    const { post } = await started();
    for (const path of ["note", "note?batch=0"]) {
      const answer = await post(path, { body: "{" });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: { json: { data: { refusal: { code: "InvalidInput" }, path: "note" } } } });
    }
  });
});

describe("a body", () => {
  test("of up to 1 MiB is read, also in chunks", async () => {
    const { post } = await started();
    const padded = sent({ at: new Date(0), position: 1n }).padEnd(LIMIT);
    expect((await post("note", { body: padded, headers: { ...json, "content-length": String(LIMIT) } })).status).toBe(200);
    expect((await post("note", { body: new Blob([padded]).stream(), duplex: "half" })).status).toBe(200);
  });

  test.each<[string, () => RequestInit & { duplex?: "half" }]>([
    ["whose length says that it is larger", () => ({ body: "{}", headers: { ...json, "content-length": String(LIMIT + 1) } })],
    ["that gets larger in chunks", () => ({ body: chunked(LIMIT + 1), duplex: "half" })],
    [
      "that gets larger than its length says",
      () => ({ body: chunked(LIMIT + 1), duplex: "half", headers: { ...json, "content-length": "2", "transfer-encoding": "chunked" } }),
    ],
  ])("%s is refused in tRPC's form", async (_what, init) => {
    const { post } = await started();
    for (const path of ["note", "note,note?batch=1"]) {
      const answer = await post(path, init());
      expect(answer.status).toBe(413);
      const [error] = [await answer.json()].flat();
      expect(error).toMatchObject({
        error: { json: { data: { code: "PAYLOAD_TOO_LARGE", refusal: { code: "BodyTooLarge", limitBytes: LIMIT } } } },
      });
    }
  });

  test.each(["text/plain", "multipart/form-data; boundary=x", "application/octet-stream", "application/x-www-form-urlencoded", ""])(
    "of the type %s is refused",
    async (type) => {
      const { post } = await started();
      const answer = await post("nothing", { body: "--x--", headers: { "content-type": type } });
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({ error: { json: { data: { refusal: { code: "UnsupportedMediaType" } } } } });
    },
  );
});

describe("a batch", () => {
  const calls = (count: number) => `${Array.from({ length: count }, () => "echo").join(",")}?batch=1&input=%7B%7D`;

  test("may hold 50 calls", async () => {
    const { get } = await started();
    expect(await (await get(calls(50))).json()).toHaveLength(50);
  });

  test("of 51 calls is refused as one", async () => {
    const { get } = await started();
    const answer = await get(calls(51));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { json: { data: { code: "BAD_REQUEST", refusal: { code: "BatchTooLarge", limit: 50 } } } },
    });
  });

  test("of 51 calls is refused however it says that it is one", async () => {
    const { get } = await started();
    expect((await get(calls(51).replace("batch=1", "b%61tch=1"))).status).toBe(400);
  });

  test("whose inputs are no object is refused", async () => {
    const { post } = await started();
    const answer = await post("nothing,nothing?batch=1", { body: "[1,2]" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject([{ error: { json: { data: { refusal: { code: "InvalidInput" } } } } }, {}]);
  });
});

test("a stream of events goes by tRPC's own way", async () => {
  const { get } = await started();
  const answer = await get("ticks");
  expect(answer.headers.get("content-type")).toMatch("text/event-stream");
  expect(await answer.text()).toMatch(`data: {"json":{"at":"1970-01-01T00:00:00.000Z"},"meta":{"values":{"at":["Date"]},"v":1}}`);
});

test("a client that is not known is told how to say who it is", async () => {
  const { get } = await started();
  expect((await get("whoami")).headers.get("www-authenticate")).toBe("Bearer");
  const unknown = await get("whoami", { headers: { authorization: "Bearer abc" } });
  expect(unknown.headers.get("www-authenticate")).toBe('Bearer error="invalid_token", error_description="the access token is invalid"');
});

test("what went wrong is logged with its cause, and a refusal only where details are asked for", async () => {
  const lines: [string, object, string][] = [];
  const logger: Logger = {
    ...silentLogger,
    debug: (fields, message) => lines.push(["debug", fields, message]),
    error: (fields, message) => lines.push(["error", fields, message]),
  };
  const { post, get } = await started(logger);
  await post("fail", { body: sent("bug"), headers: { ...json, "x-correlation-id": "corr-1" } });
  expect(lines).toContainEqual(["error", { correlationId: "corr-1", procedure: "fail", err: expect.any(Error) }, "call failed"]);
  lines.length = 0;
  await get("whoami");
  expect(lines.map(([level, , message]) => [level, message])).toEqual([
    ["debug", "call refused"],
    ["debug", "request"],
  ]);
});
