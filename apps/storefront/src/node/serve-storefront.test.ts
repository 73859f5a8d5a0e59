import { connect } from "node:net";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import type { SocketForwardingOptions } from "@cartwright/service-kit/node/forward-socket";
import { freePort } from "@cartwright/testkit/free-port";
import { until } from "@cartwright/testkit/until";
import { afterAll, describe, expect, test } from "vitest";
import { assetOf } from "./page-assets.ts";
import { type ServedStorefront, serveStorefront } from "./serve-storefront.ts";
import { fakeGateway } from "./testing/fake-gateway.ts";

const gateway = fakeGateway();
const bytes = (text: string) => new TextEncoder().encode(text);
const assets = new Map([
  ["/", assetOf("index.html", bytes("<!doctype html><title>shop</title>"))],
  ["/assets/main-1.js", assetOf("main-1.js", bytes("void 0;"))],
]);
const images = new Map([["/images/products/prod-1.svg", assetOf("prod-1.svg", bytes("<svg/>"))]]);

type ShopOptions = Pick<SocketForwardingOptions, "limits"> & { readonly upstream?: string };

const serveShop = ({ upstream = gateway.url, limits = {} }: ShopOptions = {}): ServedStorefront =>
  serveStorefront({
    ...{ port: 0, hostname: "127.0.0.1", upstream, limits, images, logger: silentLogger, health: processHealth() },
    page: async () => assets,
  });
const shop = serveShop();
afterAll(async () => {
  await shop.stop({ graceMs: 0 });
  await gateway[Symbol.asyncDispose]();
});

describe("of its own the shop has", () => {
  test.each([
    ["/", "text/html; charset=utf-8"],
    ["/?q=lamp", "text/html; charset=utf-8"],
    ["/checkout?paymentId=1&redirect_status=succeeded", "text/html; charset=utf-8"],
    ["/assets/main-1.js", "text/javascript; charset=utf-8"],
    ["/images/products/prod-1.svg", "image/svg+xml"],
    ["/health/live", "application/json"],
    ["/health/ready", "application/json"],
  ])("%s", async (path, contentType) => {
    const response = await fetch(shop.url + path);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, contentType]);
  });

  test.each([
    "/index.htm",
    "/checkout/",
    "/assets/",
    "/images/products/prod-2.svg",
    "/metrics",
    "/docs",
    "/openapi.json",
    "/.well-known/jwks.json",
    "/trpcx",
  ])("no %s, and asks nobody for it", async (path) => {
    const before = gateway.seen.length;
    expect((await fetch(shop.url + path)).status).toBe(404);
    expect(gateway.seen.length).toBe(before);
  });

  test("nothing that takes a POST", async () => {
    expect((await fetch(`${shop.url}/`, { method: "POST" })).status).toBe(405);
  });
});

test("a page that cannot be bundled says why, and the API goes on", async () => {
  const page = () => Promise.reject(new Error("main.tsx:1:7 Unexpected ="));
  const options = { port: 0, hostname: "127.0.0.1", upstream: gateway.url, images, logger: silentLogger, health: processHealth(), page };
  await using broken = serveStorefront(options);
  const response = await fetch(broken.url);
  expect([response.status, await response.text()]).toEqual([500, "main.tsx:1:7 Unexpected =\n"]);
  expect((await fetch(`${broken.url}/api/echo`)).status).toBe(201);
});

describe("a request", () => {
  test("goes on with its method, query, body and token, and the answer comes back with its status and headers", async () => {
    const init = { method: "PATCH", body: '{"quantity":2}', headers: { authorization: "Bearer t", "content-type": "application/json" } };
    const response = await fetch(`${shop.url}/api/echo?a=1&b=%20`, init);
    expect([response.status, response.headers.get("etag"), response.headers.get("x-hop")]).toEqual([201, '"7"', null]);
    const said = await response.json();
    expect(said).toMatchObject({ method: "PATCH", query: "?a=1&b=%20", body: '{"quantity":2}' });
    expect(said.headers).toMatchObject({
      authorization: "Bearer t",
      host: `127.0.0.1:${gateway.port}`,
      "x-forwarded-host": `127.0.0.1:${shop.port}`,
    });
  });

  test("meets a gateway that is away as a 502, and as itself once it is back", async () => {
    const port = await freePort();
    await using away = serveShop({ upstream: `http://127.0.0.1:${port}` });
    const response = await fetch(`${away.url}/trpc/cart.view`);
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "application/problem+json"]);
    await using _back = fakeGateway({ port });
    expect((await fetch(`${away.url}/api/echo`)).status).toBe(201);
  });
});

describe("an event stream", () => {
  test("flows: each event is there when it is sent, and the end of the reader is the end at the gateway", async () => {
    const leaving = new AbortController();
    const response = await fetch(`${shop.url}/api/events`, { signal: leaving.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(": here\n\n");
    for (const event of ["first", "second"]) {
      gateway.say(event);
      expect((await reader?.read())?.value).toBe(`data: ${event}\n\n`);
    }
    leaving.abort();
    await until(() => gateway.readers() === 0);
  });

  test("that nobody reads makes the gateway wait", async () => {
    const socket = connect(shop.port, "127.0.0.1", () => socket.write("GET /api/flood HTTP/1.1\r\nhost: shop\r\n\r\n"));
    socket.pause();
    const settled = await standsStill(gateway.flooded);
    expect(settled).toBeLessThan(64 * MIB);
    socket.destroy();
    await until(() => gateway.readers() === 0);
  });
});

describe("a socket", () => {
  test("carries text and bytes both ways", async () => {
    await using socket = await open(`${shop.url}/trpc?connectionParams=1`);
    socket.send("ping");
    expect(await socket.next()).toBe("ping");
    socket.send(new Uint8Array([1, 2, 3]));
    expect(new Uint8Array((await socket.next()) as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]));
  });

  test("reaches the gateway as the shop's own: where the page was from is checked here", async () => {
    await using socket = await open(`${shop.url}/trpc`, { origin: `http://127.0.0.1:${shop.port}`, authorization: "Bearer t" });
    socket.send("headers");
    const headers = JSON.parse(String(await socket.next()));
    expect(headers).toMatchObject({ authorization: "Bearer t", host: `127.0.0.1:${gateway.port}` });
    expect(headers.origin).toBeUndefined();
  });

  test.each(["https://evil.example", "null", "http://127.0.0.1:1"])(
    "from a page of %s is refused, and the gateway not asked",
    async (origin) => {
      const before = gateway.seen.length;
      expect(await handshake(shop.url, origin)).toBe(403);
      expect(gateway.seen.length).toBe(before);
    },
  );

  test("closes for the reason that the other side had", async () => {
    await using socket = await open(`${shop.url}/trpc`);
    socket.send("close 4001");
    expect(await socket.closed).toEqual([4001, "as asked"]);
  });

  test("that the browser closes is closed at the gateway", async () => {
    const socket = await open(`${shop.url}/trpc`);
    expect(gateway.sockets.count()).toBe(1);
    await socket[Symbol.asyncDispose]();
    await until(() => gateway.sockets.count() === 0);
  });

  test("whose gateway is away is refused before it is opened", async () => {
    await using away = serveShop({ upstream: `http://127.0.0.1:${await freePort()}` });
    expect(await handshake(away.url)).toBe(502);
  });

  test("whose gateway dies is told to come again", async () => {
    const dying = fakeGateway();
    await using joined = serveShop({ upstream: dying.url });
    await using socket = await open(`${joined.url}/trpc`);
    socket.send("ping");
    await socket.next();
    await dying[Symbol.asyncDispose]();
    expect((await socket.closed)[0]).toBeOneOf([1001, 1012]);
  });

  test("beyond what the shop holds open is refused", async () => {
    await using small = serveShop({ limits: { maxSockets: 1 } });
    await using socket = await open(`${small.url}/trpc`);
    socket.send("ping");
    await socket.next();
    expect(await handshake(small.url)).toBe(503);
  });

  test("that nobody reads makes the gateway wait, and is cut off when it stays so", async () => {
    await using impatient = serveShop({ limits: { patienceMs: 300, receiveLimitBytes: MIB } });
    const before = gateway.sockets.flooded();
    const raw = connect(impatient.port, "127.0.0.1", () => raw.write(upgradeRequest(impatient.url)));
    raw.once("data", () => {
      raw.pause();
      raw.write(maskedText("flood"));
    });
    raw.on("error", () => {});
    await until(() => gateway.sockets.flooded() > before);
    const settled = await standsStill(gateway.sockets.flooded);
    expect(settled - before).toBeLessThan(64 * MIB);
    await until(() => gateway.sockets.count() === 0, { timeoutMs: 5_000 });
    raw.destroy();
  });

  test("whose gateway reads slowly has to wait, and nothing of what it sends is lost", async () => {
    await using narrow = serveShop({ limits: { sendLimitBytes: 65_536 } });
    await using socket = await open(`${narrow.url}/trpc`);
    socket.send("rest");
    const before = gateway.sockets.received();
    for (let sent = 0; sent < 32 * MIB; sent += MIB / 4) socket.send(new Uint8Array(MIB / 4));
    expect(await standsStill(socket.queued)).toBeGreaterThan(0);
    gateway.sockets.wake();
    await until(() => gateway.sockets.received() >= before + 32 * MIB);
  });

  test("is asked to come again when the shop goes away, may end what it has begun, and is closed then", async () => {
    const leaving = serveShop();
    await using socket = await open(`${leaving.url}/trpc`);
    const stopped = leaving.stop({ graceMs: 1_000 });
    expect(JSON.parse(String(await socket.next()))).toEqual({ id: null, method: "reconnect" });
    expect(await handshake(leaving.url).catch(() => 0)).not.toBe(101);
    socket.send("ping");
    expect(await socket.next()).toBe("ping");
    expect((await socket.closed)[0]).toBe(1012);
    await stopped;
  });
});

const MIB = 1_048_576;

/** Waits until a number has not grown for a while, and answers it. */
const standsStill = async (read: () => number): Promise<number> => {
  let last = -1;
  let since = performance.now();
  await until(() => {
    const now = read();
    if (now !== last) since = performance.now();
    last = now;
    return performance.now() - since > 200;
  });
  return last;
};

const open = async (url: string, headers: Record<string, string> = {}) => {
  // Bun's own, which can name its origin.
  const socket = new WebSocket(url.replace("http", "ws"), { headers } as unknown as string[]);
  socket.binaryType = "arraybuffer";
  const messages: unknown[] = [];
  socket.addEventListener("message", ({ data }) => messages.push(data));
  const closed = new Promise<[number, string]>((resolve) =>
    socket.addEventListener("close", ({ code, reason }) => resolve([code, reason])),
  );
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return {
    closed,
    queued: () => socket.bufferedAmount,
    send: (data: string | Uint8Array<ArrayBuffer>) => socket.send(data),
    next: () => until(() => messages.length > 0).then(() => messages.shift()),
    async [Symbol.asyncDispose]() {
      socket.close();
      await closed;
    },
  };
};

/** The status that the first line of an opening handshake is answered with. */
const handshake = async (url: string, origin?: string): Promise<number> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(upgradeRequest(url, origin)));
  const [first] = await Array.fromAsync(socket.take(1));
  socket.destroy();
  return Number(String(first).split(" ")[1]);
};

const upgradeRequest = (url: string, origin?: string): string =>
  [
    ...["GET /trpc HTTP/1.1", `host: ${new URL(url).host}`, "upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13"],
    ...["sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", ...(origin === undefined ? [] : [`origin: ${origin}`]), "", ""],
  ].join("\r\n");

/** A frame as a browser sends it, masked by zeros. */
const maskedText = (text: string): Uint8Array => new Uint8Array([0x81, 0x80 | text.length, 0, 0, 0, 0, ...new TextEncoder().encode(text)]);
