import { describe, expect, test } from "vitest";
import { openHttpConnection, parseResponse } from "./http-connection.ts";
import { measureHttp } from "./http-load.ts";

describe("parsing a response", () => {
  const whole = (text: string): boolean => parseResponse(Buffer.from(text)) !== undefined;

  test("it is whole when its body is as long as the head says", () => {
    expect(whole("HTTP/1.1 200 OK\r\nContent-Le")).toBe(false);
    expect(whole("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour")).toBe(false);
    expect(whole("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour")).toBe(true);
    expect(whole("HTTP/1.1 204 No Content\r\n\r\n")).toBe(true);
  });

  test("a body in chunks is whole with its last chunk", () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect(whole(`${head}4\r\nfo`)).toBe(false);
    expect(whole(`${head}4\r\nfour\r\n`)).toBe(false);
    expect(whole(`${head}4\r\nfour\r\na\r\n0123456789\r\n0\r\n`)).toBe(false);
    expect(whole(`${head}4\r\nfour\r\na\r\n0123456789\r\n0\r\n\r\n`)).toBe(true);
  });

  test("the status is told, and what is no HTTP/1.1 is an error", () => {
    expect(parseResponse(Buffer.from("HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"))?.status).toBe(409);
    expect(() => parseResponse(Buffer.from("SSH-2.0\r\n\r\n"))).toThrow("no HTTP/1.1");
  });
});

test("a connection sends one request after another, also large ones, and gets streamed bodies whole", async () => {
  const large = "x".repeat(3_000_000);
  await using server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const { length } = await request.text();
      const body = new ReadableStream({
        start: (stream) => {
          for (const part of ["first", large]) stream.enqueue(new TextEncoder().encode(part));
          stream.close();
        },
      });
      return new Response(body, { headers: { "X-Received": String(length) } });
    },
  });
  const connection = await openHttpConnection({ hostname: "localhost", port: server.port ?? 0 });
  for (const body of ["", "four", large]) {
    const request = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { status, raw } = await connection.send(new TextEncoder().encode(request));
    expect(status).toBe(200);
    expect(raw.toString("utf8", 0, 500).toLowerCase()).toContain(`x-received: ${body.length}\r\n`);
    expect(raw.length).toBeGreaterThan(large.length);
  }
  connection.close();
  await expect(connection.send(new Uint8Array([1]))).rejects.toThrow("closed");
});

test("a load sends each connection's requests in turn and checks every status", async () => {
  const seen = new Map<string, number>();
  await using server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const line = `${request.method} ${new URL(request.url).pathname} ${request.headers.get("authorization")} ${await request.text()}`;
      seen.set(line, (seen.get(line) ?? 0) + 1);
      return new Response("no", { status: request.url.endsWith("/teapot") ? 418 : 200 });
    },
  });
  const time = { warmUpMs: 0, durationMs: 100 };
  const add = (token: string) => ({ method: "POST", path: "/items", headers: { Authorization: token }, body: `{"quantity":1}` });
  const origin = `http://localhost:${server.port}`;
  const good = await measureHttp({ origin, connections: [[add("a"), add("b")], [{ method: "GET", path: "/teapot", status: 418 }]] }, time);
  expect(good.errors).toBe(0);
  expect(good.operations).toBeGreaterThan(10);
  expect([...seen.keys()].sort()).toEqual([`GET /teapot null `, `POST /items a {"quantity":1}`, `POST /items b {"quantity":1}`]);

  const bad = await measureHttp({ origin, connections: [[{ method: "GET", path: "/teapot" }]] }, time);
  expect(bad).toMatchObject({ operations: 0, firstError: expect.stringContaining("GET /teapot: HTTP/1.1 418") });
});

test("a server that closes its connections or is not there is counted as errors", async () => {
  const server = Bun.listen({ hostname: "localhost", port: 0, socket: { data: (socket) => void socket.end() } });
  const load = { origin: `http://localhost:${server.port}`, connections: [[{ method: "GET", path: "/" }]] as const };
  const time = { warmUpMs: 0, durationMs: 50 };
  expect(await measureHttp(load, time)).toMatchObject({ operations: 0, firstError: "Error: the connection was closed" });
  server.stop(true);
  expect(await measureHttp(load, time)).toMatchObject({ operations: 0, firstError: expect.stringContaining("connect") });
});
