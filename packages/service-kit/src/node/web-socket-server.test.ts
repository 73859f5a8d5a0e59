import { connect, createServer, type Socket } from "node:net";
import { until } from "@cartwright/testkit/until";
import { TRPCError } from "@trpc/server";
import { expect, test } from "vitest";
import * as z from "zod";
import type { CallContext, CallSource } from "../call-context.ts";
import { silentLogger } from "../logger.ts";
import { type Metrics, noMetrics } from "../metrics.ts";
import { requestRefused, type TokenFault } from "../request-refusal.ts";
import { subscription } from "../subscription.ts";
import { trpcFor } from "../trpc.ts";
import { serve } from "./serve.ts";
import type { WebSocketLimits } from "./web-socket-connection.ts";
import { webSocketServer } from "./web-socket-server.ts";

const { router, publicProcedure, authenticated } = trpcFor<CallContext>();

const exampleRouter = router({
  whoami: authenticated.query(({ ctx }) => ({ subject: ctx.principal.subject, correlationId: ctx.correlationId })),
  fill: publicProcedure.input(z.int()).mutation(({ input }) => "x".repeat(input)),
  numbers: authenticated
    .input(z.object({ size: z.int(), upTo: z.int() }))
    .subscription(({ ctx, input, signal }) => subscription(ctx, signal, (ended) => numbers(input, ended))),
});

/** Counts as fast as it is asked to, and then is quiet. */
const running = { made: 0, ended: 0 };
async function* numbers({ size, upTo }: { size: number; upTo: number }, ended: AbortSignal) {
  const fill = "x".repeat(size);
  try {
    for (let number = 1; number <= upTo && !ended.aborted; number += 1) {
      running.made = number;
      await new Promise(setImmediate);
      yield { number, fill };
    }
    if (!ended.aborted) await new Promise((resolve) => ended.addEventListener("abort", resolve));
  } finally {
    running.ended += 1;
  }
}

/** Anybody's name is their token, until a test says that it is not. */
const serveExample = (limits: Partial<WebSocketLimits> = {}) => {
  const faults = new Map<string, TokenFault>();
  const faultOf = (subject: string) => {
    const reason = faults.get(subject);
    return reason && requestRefused({ code: "Unauthenticated", reason });
  };
  const createContext = async ({ req, var: { correlationId, logger } }: CallSource): Promise<CallContext> => {
    const subject = req.header("authorization")?.replace("Bearer ", "");
    if (subject === "unknowable")
      return { principal: undefined, denial: new TRPCError({ code: "SERVICE_UNAVAILABLE" }), correlationId, logger };
    const principal = { subject: subject ?? "", kind: "user", scopes: new Set<string>(), expiresAt: new Date(), tokenId: "t" } as const;
    const denial = faultOf(principal.subject);
    return {
      principal: subject === undefined || denial ? undefined : principal,
      denial,
      recheck: () => faultOf(principal.subject),
      correlationId,
      logger,
    };
  };
  const cutOff: string[] = [];
  const metrics: Metrics = { ...noMetrics, counter: () => ({ add: ({ reason }: { reason?: string }) => void cutOff.push(reason ?? "") }) };
  const webSockets = webSocketServer({
    router: exampleRouter,
    createContext,
    origins: ["https://shop.example"],
    logger: silentLogger,
    metrics,
    limits: { sweepMs: 10, ...limits },
  });
  const server = serve({ app: { fetch: () => new Response("http") }, webSockets, port: 0, hostname: "127.0.0.1", variable: "PORT" });
  return { ...server, faults, cutOff };
};

type Message = { id: number | null; result?: { type?: string; data?: { json?: unknown } }; error?: { json: ErrorJson }; method?: string };
type ErrorJson = { data: { code: string; refusal?: object } };
type OpenOptions = { query?: string; headers?: Record<string, string>; params?: object | null };

/** A client that speaks the protocol by hand. */
const open = async (
  port: number,
  { query = "?connectionParams=1", headers = {}, params = { authorization: "Bearer ada" } }: OpenOptions = {},
) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/trpc${query}`, { headers } as never);
  const messages: Message[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
  socket.onmessage = ({ data }) => void messages.push(JSON.parse(data));
  socket.onclose = ({ code, reason }) => resolve({ code, reason });
  await new Promise<void>((opened) => {
    socket.onopen = () => opened();
    socket.onerror = () => opened();
  });
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  if (params && socket.readyState === WebSocket.OPEN) send({ method: "connectionParams", data: params });
  return {
    messages,
    closed,
    send,
    call: (id: number, method: string, path: string, json?: unknown) =>
      send({ id, method, params: { path, ...(json !== undefined && { input: { json } }) } }),
    answerTo: (id: number) =>
      until(() => messages.find((message) => message.id === id && (message.error ?? message.result)), { what: `an answer to ${id}` }),
    [Symbol.dispose]: () => socket.close(),
  };
};

const dataOf = ({ result }: Message) => result?.data?.json;

test("procedures are called over one socket, by whom its first message named", async () => {
  await using server = serveExample();
  using client = await open(server.port, { params: { authorization: "Bearer ada", "x-correlation-id": "tab-1" } });
  client.call(1, "query", "whoami");
  client.send([
    { id: 2, method: "mutation", params: { path: "fill", input: { json: 3 } } },
    { id: 3, method: "query", params: { path: "nowhere" } },
  ]);
  expect(dataOf(await client.answerTo(1))).toEqual({ subject: "ada", correlationId: "tab-1" });
  expect(dataOf(await client.answerTo(2))).toBe("xxx");
  expect((await client.answerTo(3)).error?.json.data.code).toBe("NOT_FOUND");
});

test("the params stand before the headers that the upgrade came with", async () => {
  await using server = serveExample();
  const headers = { authorization: "Bearer grace" };
  using byHeader = await open(server.port, { headers, params: {} });
  using byParams = await open(server.port, { headers });
  for (const client of [byHeader, byParams]) client.call(1, "query", "whoami");
  expect(dataOf(await byHeader.answerTo(1))).toMatchObject({ subject: "grace" });
  expect(dataOf(await byParams.answerTo(1))).toMatchObject({ subject: "ada" });
});

test.each([
  ["of a page that may not connect", { headers: { origin: "https://evil.example" } }],
  ["that announces no first message", { query: "" }],
])("a request %s gets no WebSocket", async (_, options) => {
  await using server = serveExample();
  const client = await open(server.port, options);
  expect((await client.closed).code).toBe(1006);
});

test("who does not say who it is in time is disconnected", async () => {
  await using server = serveExample({ firstMessageMs: 30 });
  const client = await open(server.port, { params: null });
  expect(await client.closed).toEqual({ code: 4408, reason: "the first message did not come" });
  expect(server.cutOff).toEqual(["unidentified"]);
});

test("a bad token is answered to each call by its id, and then the connection is closed", async () => {
  await using server = serveExample({ deniedMs: 100 });
  server.faults.set("ada", "invalid");
  using client = await open(server.port);
  client.call(1, "query", "whoami");
  client.call(2, "mutation", "fill", 3);
  client.call(3, "subscription", "numbers", { size: 1, upTo: 1 });
  for (const id of [1, 2, 3]) {
    expect((await client.answerTo(id)).error?.json.data).toMatchObject({
      code: "UNAUTHORIZED",
      refusal: { code: "Unauthenticated", reason: "invalid" },
    });
  }
  expect((await client.closed).code).toBe(4401);
});

test("while nobody can say whether a token is good, a client is to try again", async () => {
  await using server = serveExample({ deniedMs: 100 });
  using client = await open(server.port, { params: { authorization: "Bearer unknowable" } });
  client.call(1, "query", "whoami");
  expect((await client.answerTo(1)).error?.json.data.code).toBe("SERVICE_UNAVAILABLE");
  expect((await client.closed).code).toBe(1013);
});

test.each(["expired", "revoked"] as const)(
  "a token that is %s later ends each subscription, refuses each call, and closes the connection",
  async (fault) => {
    await using server = serveExample();
    using client = await open(server.port);
    client.call(1, "subscription", "numbers", { size: 1, upTo: 1 });
    await until(() => client.messages.some((message) => dataOf(message) !== undefined));
    server.faults.set("ada", fault);
    client.call(2, "query", "whoami");
    expect((await client.answerTo(2)).error?.json.data).toMatchObject({ refusal: { code: "Unauthenticated", reason: fault } });
    await until(() => client.messages.some(({ id, error }) => id === 1 && error));
    expect((await client.closed).code).toBe(4401);
    expect(server.cutOff).toEqual(["unauthorized"]);
  },
);

test("one subscription too many is refused, and one that is stopped makes room", async () => {
  await using server = serveExample({ maxSubscriptions: 2 });
  using client = await open(server.port);
  for (const id of [1, 2, 3]) client.call(id, "subscription", "numbers", { size: 1, upTo: 1 });
  await until(() => client.messages.some(({ error }) => error));
  expect(client.messages.find(({ error }) => error)).toMatchObject({
    id: 3,
    error: { json: { data: { code: "TOO_MANY_REQUESTS", refusal: { code: "TooManySubscriptions", limit: 2 } } } },
  });
  client.send({ id: 1, method: "subscription.stop" });
  await until(() => client.messages.some(({ id, result }) => id === 1 && result?.type === "stopped"));
  client.call(4, "subscription", "numbers", { size: 1, upTo: 1 });
  expect((await client.answerTo(4)).result?.type).toBe("started");
  await until(() => client.messages.some((message) => message.id === 4 && dataOf(message)));
});

test("a message that is too large ends the connection, and a batch that is too large is refused", async () => {
  await using server = serveExample({ maxMessageBytes: 1_000, maxBatchSize: 2 });
  using client = await open(server.port);
  client.send([1, 2, 3].map((id) => ({ id, method: "query", params: { path: "whoami" } })));
  for (const id of [1, 2, 3]) expect((await client.answerTo(id)).error?.json.data.code).toBe("BAD_REQUEST");
  client.send("x".repeat(1_001));
  expect((await client.closed).code).toBe(1009);
});

test("no more connections are taken than may be", async () => {
  await using server = serveExample({ maxConnections: 1 });
  using _first = await open(server.port);
  const second = await open(server.port);
  expect((await second.closed).code).toBe(1006);
});

/** Connects by hand and reads only when a test says so. */
const openUnread = async (port: number): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  socket.write(
    `GET /trpc?connectionParams=1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await new Promise((answered) => socket.once("data", answered));
  socket.pause();
  socket.write(maskedFrame({ method: "connectionParams", data: { authorization: "Bearer ada" } }));
  return socket;
};

/** As a client sends it: with a mask, which may be zero. */
const maskedFrame = (message: unknown): Buffer => {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.from([0x81, 0x80 | 126, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(text.length, 2);
  return Buffer.concat([head, text]);
};

test("who does not read costs little, and is disconnected", async () => {
  await using server = serveExample({ stalledMs: 300 });
  const client = await openUnread(server.port);
  const { ended } = running;
  const before = process.memoryUsage.rss();
  client.write(maskedFrame({ id: 1, method: "subscription", params: { path: "numbers", input: { json: { size: 16_384, upTo: 1e9 } } } }));
  await until(() => server.cutOff.length > 0);
  await until(() => running.ended > ended);
  expect(server.cutOff).toEqual(["stalled"]);
  // What the operating system keeps for a connection, and what waits here: nothing of what was never asked for.
  expect(running.made * 16_384).toBeLessThan(12 * 1_048_576);
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1_048_576);
  client.destroy();
});

test("who asks on and on without reading an answer is disconnected as soon as too much waits", async () => {
  await using server = serveExample({ maxQueuedBytes: 262_144 });
  const client = await openUnread(server.port);
  for (let id = 0; id < 100; id += 1)
    client.write(maskedFrame({ id, method: "mutation", params: { path: "fill", input: { json: 262_144 } } }));
  await until(() => server.cutOff.length > 0);
  expect(server.cutOff).toEqual(["overflow"]);
  client.destroy();
});

test("who reads slowly is waited for and gets everything in order", async () => {
  await using server = serveExample({ pauseAtBytes: 4_096, maxQueuedBytes: 65_536 });
  await using slow = await throttled(server.port);
  using client = await open(slow.port);
  client.call(1, "subscription", "numbers", { size: 16_384, upTo: 1_000 });
  const numbersOf = () => client.messages.flatMap((message) => (dataOf(message) as { number?: number } | undefined)?.number ?? []);
  await until(() => numbersOf().length === 1_000, { timeoutMs: 20_000 });
  expect(numbersOf()).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  expect(server.cutOff).toEqual([]);
});

/** What comes from the server on this port arrives in small portions. */
const throttled = async (port: number) => {
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    near.pipe(far);
    far.on("data", (data) => {
      near.write(data);
      far.pause();
      setTimeout(() => far.resume(), 1);
    });
    far.on("close", () => near.destroy());
    near.on("close", () => far.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => proxy.close(closed));
    },
  };
};

test("at the stop clients are asked to come again, still answered for a while, and then closed", async () => {
  const server = serveExample();
  using client = await open(server.port);
  client.call(1, "query", "whoami");
  await client.answerTo(1);
  const stopped = server.stop({ graceMs: 1_000 });
  await until(() => client.messages.some(({ method }) => method === "reconnect"));
  expect((await open(server.port)).messages).toEqual([]);
  client.call(2, "query", "whoami");
  await client.answerTo(2);
  expect((await client.closed).code).toBe(1012);
  await stopped;
});

test("the stop waits for nobody who has gone", async () => {
  const server = serveExample();
  const client = await open(server.port);
  const stopped = server.stop({ graceMs: 600_000 });
  client[Symbol.dispose]();
  await stopped;
});

test("HTTP is answered beside", async () => {
  await using server = serveExample();
  expect(await (await fetch(server.url)).text()).toBe("http");
});
