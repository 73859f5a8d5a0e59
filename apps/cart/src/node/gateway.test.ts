import { silentLogger } from "@cartwright/service-kit/logger";
import { serve } from "@cartwright/service-kit/node/serve";
import type { WebSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { gatewaySockets } from "./gateway.ts";

/** Stands in for a service behind the gateway: its sockets echo. */
const peer = () => {
  const server = Bun.serve({
    port: 0,
    fetch: (request, own) => (own.upgrade(request) ? undefined : new Response(null, { status: 404 })),
    websocket: { message: (socket, message) => void socket.send(message) },
  });
  return { url: server.url.origin, [Symbol.asyncDispose]: () => server.stop(true) };
};

const own: WebSocketServer = { upgrade: () => new Response(null, { status: 404 }), handlers: { message() {} }, stop: async () => {} };

const gatewayTo = (url: string) =>
  serve({
    ...{ app: { fetch: () => new Response(null, { status: 404 }) }, port: 0, hostname: "127.0.0.1", variable: "CART_PORT" },
    webSockets: gatewaySockets(own, { peerUrls: () => url, logger: silentLogger }),
  });

const open = async (origin: string) => {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/billing/trpc`);
  const messages: string[] = [];
  socket.addEventListener("message", ({ data }) => messages.push(String(data)));
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return { socket, messages, closed };
};

const RECONNECT = JSON.stringify({ id: null, method: "reconnect" });

test("at the stop a socket of a service behind is asked to come again, is answered for a while, and is closed then", async () => {
  await using service = peer();
  const gateway = gatewayTo(service.url);
  const { socket, messages, closed } = await open(gateway.url);
  const stopped = gateway.stop({ graceMs: 1_000 });
  await until(() => messages.includes(RECONNECT));
  socket.send("what was under way");
  await until(() => messages.includes("what was under way"));
  expect(await closed).toBe(1012);
  await stopped;
});

test("the stop waits for no socket that has gone", async () => {
  await using service = peer();
  const gateway = gatewayTo(service.url);
  const { socket } = await open(gateway.url);
  const stopped = gateway.stop({ graceMs: 600_000 });
  socket.close();
  await stopped;
});
