import { HTTPException } from "hono/http-exception";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { edgeError, invalidInput } from "./edge-error.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import { RefusalError } from "./refusal.ts";
import { requestRefused } from "./request-refusal.ts";
import { type ServiceAppOptions, serviceApp } from "./service-app.ts";
import { LogAway } from "./testing/example-service.ts";

const LIMIT = 1_048_576;

const failures: Record<string, () => Error> = {
  refusal: () =>
    new RefusalError({ code: "CartFull", limit: 9 } as { code: string }, { trpc: "UNPROCESSABLE_CONTENT", title: "The cart is full" }),
  input: () => invalidInput(z.object({ quantity: z.int() }).safeParse({ quantity: "x" }).error as z.ZodError),
  bug: () => new Error("s3cr3t"),
  away: () => new LogAway("10.0.0.7 is away"),
  unauthenticated: () => requestRefused({ code: "Unauthenticated", reason: "missing" }),
  "not-json": () => new HTTPException(400, { message: "Malformed JSON in request body" }),
  teapot: () => new HTTPException(418, { message: "s3cr3t" }),
  method: () => new HTTPException(405),
  expired: () => requestRefused({ code: "Unauthenticated", reason: "expired" }),
  wait: () =>
    new RefusalError({ code: "TooManyAttempts", retryAfterMs: 1_200 } as { code: string }, { trpc: "TOO_MANY_REQUESTS", title: "Wait" }),
};

const started = (options: Partial<ServiceAppOptions> = {}) => {
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const line = (level: string) => (fields: object, message: string) => lines.push({ level, fields: { ...fields }, message });
  const logger: Logger = { ...silentLogger, debug: line("debug"), error: line("error") };
  const app = serviceApp({ logger, ...options });
  app.get("/ok", (c) => c.json({ correlationId: c.var.correlationId }));
  app.get("/fail/:how", (c) => {
    throw failures[c.req.param("how")]?.() ?? new Error("no such failure");
  });
  app.post("/size", async (c) => c.json({ size: (await c.req.text()).length }));
  app.get("/docs", (c) => c.html("<p>", 200, { "content-security-policy": "default-src 'self'", "cache-control": "public" }));
  app.get("/fetched", async () => {
    const fetched = new Response("x");
    // As a runtime that lets nobody change what fetch answered.
    Object.defineProperty(fetched, "headers", { value: frozen(fetched.headers) });
    return fetched;
  });
  return { app, lines };
};

const frozen = (headers: Headers) =>
  new Proxy(headers, {
    get: (target, name) => {
      if (name === "set" || name === "delete" || name === "append")
        return () => {
          throw new TypeError("immutable");
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

describe("every answer", () => {
  test("has the headers of an API", async () => {
    const { headers } = await started().app.request("/ok");
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
    });
  });

  test("keeps the policy and the age that a route gave it", async () => {
    const { headers } = await started().app.request("/docs");
    expect(headers.get("content-security-policy")).toBe("default-src 'self'");
    expect(headers.get("cache-control")).toBe("public");
  });

  test("has them also where it was fetched and may not be changed", async () => {
    const answer = await started().app.request("/fetched");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe("x");
  });

  test.each(["/ok", "/fail/bug", "/nowhere"])("has a correlation id (%s)", async (path) => {
    expect((await started().app.request(path)).headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(["corr-1", "a", "0199:x_y.z", "x".repeat(128)])("has the correlation id that the caller gave: %s", async (given) => {
    const answer = await started().app.request("/ok", { headers: { "x-correlation-id": given } });
    expect(answer.headers.get("x-correlation-id")).toBe(given);
    expect(await answer.json()).toEqual({ correlationId: given });
  });

  test.each(["-x", "4242424242424242", "a b", "x".repeat(129), `{"a":1}`, "<script>", "é", ""])(
    "has a new one where the caller's is not sane: %s",
    async (given) => {
      const answer = await started().app.request("/ok", { headers: { "x-correlation-id": given } });
      expect(answer.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test("has one line in the log, without the query", async () => {
    const { app, lines } = started();
    await app.request("/ok?token=s3cr3t", { headers: { "x-correlation-id": "corr-1" } });
    expect(lines).toEqual([
      {
        level: "debug",
        message: "request",
        fields: { correlationId: "corr-1", method: "GET", path: "/ok", status: 200, durationMs: expect.any(Number) },
      },
    ]);
  });
});

test("requests are counted by route and status, and unusual methods and unknown paths are no series of their own", async () => {
  const seen: object[] = [];
  const metrics: Metrics = { ...noMetrics, histogram: () => ({ observe: (labels) => seen.push(labels) }) };
  const { app } = started({ metrics });
  await app.request("/fail/bug");
  await app.request("/fail/away");
  await app.request("/nowhere-1");
  await app.request("/ok", { method: "PROPFIND" });
  expect(seen).toEqual([
    { method: "GET", route: "/fail/:how", status: "500" },
    { method: "GET", route: "/fail/:how", status: "503" },
    { method: "GET", route: "/*", status: "404" },
    { method: "other", route: "/*", status: "404" },
  ]);
});

describe("what fails is answered as a problem", () => {
  const problemOf = async (path: string) => {
    const { app, lines } = started();
    const answer = await app.request(path, { headers: { "x-correlation-id": "corr-1" } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown>, lines };
  };

  test("with the refusal and its facts", async () => {
    const { status, body } = await problemOf("/fail/refusal");
    expect(status).toBe(422);
    expect(body).toEqual({
      type: "urn:cartwright:refusal:CartFull",
      status: 422,
      title: "The cart is full",
      refusal: { code: "CartFull", limit: 9 },
      correlationId: "corr-1",
    });
  });

  test("with the places where the input is not valid", async () => {
    const { status, body } = await problemOf("/fail/input");
    expect(status).toBe(400);
    expect(body).toMatchObject({ refusal: { code: "InvalidInput" }, errors: [{ path: ["quantity"], message: expect.any(String) }] });
  });

  test("with nothing but the correlation id of a bug, which is logged", async () => {
    const { body, lines } = await problemOf("/fail/bug");
    expect(body).toEqual({ type: "about:blank", status: 500, title: "Something went wrong here", correlationId: "corr-1" });
    expect(lines).toContainEqual({
      level: "error",
      message: "request failed",
      fields: { correlationId: "corr-1", method: "GET", path: "/fail/bug", err: expect.objectContaining({ message: "s3cr3t" }) },
    });
  });

  test("with the time to ask again where something is away", async () => {
    const { status, headers, body } = await problemOf("/fail/away");
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("1");
    expect(JSON.stringify(body)).not.toMatch("10.0.0.7");
  });

  test("with how to identify oneself", async () => {
    const { status, headers } = await problemOf("/fail/unauthenticated");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    const expired = await problemOf("/fail/expired");
    expect(expired.status).toBe(401);
    expect(expired.headers.get("www-authenticate")).toBe('Bearer error="invalid_token", error_description="the access token is expired"');
  });

  test("with when to come again, in whole seconds, where a refusal says how long it lasts", async () => {
    const { status, headers } = await problemOf("/fail/wait");
    expect([status, headers.get("retry-after")]).toEqual([429, "2"]);
  });

  test.each([
    ["/nowhere", 404, "NotFound"],
    ["/fail/not-json", 400, "InvalidInput"],
    ["/fail/method", 405, "MethodNotAllowed"],
  ])("with the refusal that its status means (%s)", async (path, status, code) => {
    expect(await problemOf(path)).toMatchObject({ status, body: { refusal: { code } } });
  });

  test("and an error of Hono that says nothing is a bug", async () => {
    const { status, body } = await problemOf("/fail/teapot");
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch("s3cr3t");
  });

  test("with no more than twenty places", () => {
    const { error } = z.array(z.int()).safeParse(Array.from({ length: 100 }, () => "x"));
    expect(edgeError(invalidInput(error as z.ZodError)).issues).toHaveLength(20);
  });
});

describe("a body", () => {
  test("of 1 MiB is read, whole or in chunks", async () => {
    const { app } = started();
    const body = "x".repeat(LIMIT);
    expect(await (await app.request("/size", { method: "POST", body, headers: { "content-length": String(LIMIT) } })).json()).toEqual({
      size: LIMIT,
    });
    const stream = new Blob([body]).stream();
    expect(await (await app.request("/size", { method: "POST", body: stream, duplex: "half" } as RequestInit)).json()).toEqual({
      size: LIMIT,
    });
  });

  test.each<[string, () => object]>([
    ["whose length says so", () => ({ body: "x", headers: { "content-length": String(LIMIT + 1) } })],
    ["that comes in chunks", () => ({ body: new Blob(["x".repeat(LIMIT + 1)]).stream(), duplex: "half" })],
  ])("that is larger is refused, %s", async (_what, init) => {
    const answer = await started().app.request("/size", { method: "POST", ...init() });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ refusal: { code: "BodyTooLarge", limitBytes: LIMIT } });
  });

  test("without an end is not read to its end", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const answer = await started().app.request("/size", { method: "POST", body: endless, duplex: "half" } as RequestInit);
    expect(answer.status).toBe(413);
    expect(pulled).toBeLessThan(40);
  });
});

describe("a page in a browser", () => {
  const preflight = {
    origin: "https://shop.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "idempotency-key",
  };

  test("of an allowed origin may call, with the headers of the API, and without cookies", async () => {
    const { app } = started({ corsOrigins: ["https://shop.example"] });
    const asked = await app.request("/ok", { method: "OPTIONS", headers: preflight });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(asked.headers.get("access-control-allow-headers")).toMatch("authorization,content-type,if-match,if-none-match,idempotency-key");
    const answer = await app.request("/ok", { headers: preflight });
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(answer.headers.get("access-control-expose-headers")).toMatch("etag");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("may read a problem, too", async () => {
    const { app } = started({ corsOrigins: ["*"] });
    const answer = await app.request("/fail/refusal", { headers: preflight });
    expect(answer.status).toBe(422);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("of another origin may not, nor any where none is configured", async () => {
    for (const corsOrigins of [["https://other.example"], []]) {
      const answer = await started({ corsOrigins }).app.request("/ok", { headers: preflight });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("is not answered from a cache with what a program got", async () => {
    const { app } = started({ corsOrigins: ["https://shop.example"] });
    expect((await app.request("/ok")).headers.get("vary")).toBe("origin");
  });
});
