import { connect } from "node:net";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { until } from "@cartwright/testkit/until";
import superjson from "superjson";
import { expect, test } from "vitest";
import { aCartId, type CartUnderTest, cartUnderTest, mouse } from "../spec.ts";

/** Thirty thousand events are told, on a machine that has other things to do. */
const patience = 60_000;

const shopping = async () => {
  const clock = { aheadMs: 0 };
  const cart = await cartUnderTest({ now: () => new Date(Date.now() + clock.aheadMs) });
  const token = await cart.token("ada");
  const cartId = aCartId();
  const add = async () => cart.trpc(await cart.token("ada")).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await add();
  return { cart, clock, token, cartId, add };
};

type Told = { readonly event: string; readonly id: string | undefined; readonly data: unknown };

/** Subscribes as tRPC's client does where only `fetch` is. */
const subscribe = async (cart: CartUnderTest, { query, headers }: { query: Record<string, object>; headers?: Record<string, string> }) => {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(JSON.stringify(value))}`);
  const response = await cart.rest("GET", `/trpc/cart.live?${text.join("&")}`, headers === undefined ? {} : { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const told: Told[] = [];
  const reading = (async () => {
    let text = "";
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      text += read.value;
      const blocks = text.split("\n\n\n");
      text = blocks.pop() ?? "";
      told.push(...blocks.map(toldIn));
    }
  })();
  return {
    told,
    reading,
    messages: () => told.flatMap(({ event, id, data }) => (event === "" ? [{ id, ...(data as object) }] : [])),
    async [Symbol.asyncDispose]() {
      await reader?.cancel();
      await reading;
    },
  };
};

const toldIn = (block: string): Told => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
  const event = field("event") ?? "";
  const data = field("data");
  return { event, id: field("id"), data: event === "" && data ? superjson.deserialize(JSON.parse(data)) : data };
};

test("over server-sent events, each message carries its version as the id, and dates and bigints arrive as such", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  const query = { input: { json: { cartId } } };
  await using follower = await subscribe(cart, { query, headers: { authorization: `Bearer ${token}` } });
  await until(() => follower.messages().length === 1);
  await add();
  await until(() => follower.messages().length === 2);
  expect(follower.messages()).toMatchObject([
    { id: "2", kind: "snapshot", version: 2 },
    { id: "3", kind: "change", version: 3, position: expect.any(BigInt), at: expect.any(Date) },
  ]);
});

test("a browser, which can set no header, says who it is and what it has in the address", async () => {
  const { cart, token, cartId, add } = await shopping();
  await using _ = cart;
  await add();
  const query = { input: { json: { cartId, lastEventId: "1" } }, connectionParams: { authorization: `Bearer ${token}` } };
  await using follower = await subscribe(cart, { query });
  await until(() => follower.messages().length === 2);
  expect(follower.messages()).toMatchObject([{ version: 2 }, { version: 3 }]);
});

test("and when it comes again by itself, what it has in a header", async () => {
  const { cart, token, cartId } = await shopping();
  await using _ = cart;
  const query = { input: { json: { cartId } }, connectionParams: { authorization: `Bearer ${token}` } };
  await using follower = await subscribe(cart, { query, headers: { "last-event-id": "1" } });
  await until(() => follower.messages().length === 1);
  expect(follower.messages()).toMatchObject([{ kind: "change", version: 2 }]);
});

test("a quiet stream is kept alive", async () => {
  const { cart, token, cartId } = await shopping();
  await using _ = cart;
  await using follower = await subscribe(cart, { query: { input: { json: { cartId } } }, headers: { authorization: `Bearer ${token}` } });
  await until(() => follower.told.some(({ event }) => event === "ping"));
});

test("a token that has expired gets nothing that happens later, but is told why", async () => {
  const { cart, clock, token, cartId, add } = await shopping();
  await using _ = cart;
  await using follower = await subscribe(cart, { query: { input: { json: { cartId } } }, headers: { authorization: `Bearer ${token}` } });
  await until(() => follower.messages().length === 1);
  clock.aheadMs = 700_000;
  await add();
  await follower.reading;
  expect(follower.messages()).toHaveLength(1);
  expect(follower.told.at(-1)).toMatchObject({ event: "serialized-error", data: expect.stringContaining('"reason":"expired"') });
});

test("when the service stops the stream breaks off, and is not said to be complete", async () => {
  const { cart, token, cartId } = await shopping();
  await using _ = cart;
  await using follower = await subscribe(cart, { query: { input: { json: { cartId } } }, headers: { authorization: `Bearer ${token}` } });
  await until(() => follower.messages().length === 1);
  cart.stopLive();
  await follower.reading;
  expect(follower.told.map(({ event }) => event)).toEqual(["connected", ""]);
});

test("who goes is no longer subscribed", async () => {
  let subscribers = 0;
  const set = (_: object, value: number) => {
    subscribers = value;
  };
  const gauge: Metrics["gauge"] = ({ name }) => ({ set: name === "live_subscribers" ? set : () => {}, remove: () => {} });
  await using cart = await cartUnderTest({ metrics: { ...noMetrics, gauge } });
  const headers = { authorization: `Bearer ${await cart.token("ada")}` };
  const follower = await subscribe(cart, { query: { input: { json: { cartId: aCartId() } } }, headers });
  await until(() => subscribers === 1);
  await follower[Symbol.asyncDispose]();
  await until(() => subscribers === 0);
});

test(
  "one who stops reading is sent no more than the connection holds, and misses nothing once it reads on",
  async () => {
    let sent = 0;
    const count = () => {
      sent += 1;
    };
    const counting: Metrics = { ...noMetrics, counter: ({ name }) => ({ add: name === "live_messages_total" ? count : () => {} }) };
    const log = inMemoryEventLog({ name: "cart" });
    await using cart = await cartUnderTest({ log, metrics: counting });
    await using server = serve({ app: cart.app, endStreams: cart.stopLive, port: 0, hostname: "127.0.0.1", variable: "CART_PORT" });
    const cartId = aCartId();
    const authorization = `Bearer ${await cart.token("ada")}`;
    await cart.trpc(await cart.token("ada")).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    const client = connect(server.port, "127.0.0.1");
    client.write(`GET /api/cart/${cartId}/live HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nLast-Event-ID: 0\r\n\r\n`);
    let text = "";
    client.on("data", (data) => {
      text += data.toString();
    });
    await until(() => text.includes("id: 2\n"));
    client.pause();
    await change(log, cartId, 30_000);
    await until(() => sent > 1_000);
    // At 500 bytes each, an operating system keeps some ten thousand of them for a connection.
    expect(sent).toBeLessThan(25_000);
    client.resume();
    await until(() => text.includes("id: 30002\n"), { timeoutMs: 20_000 });
    const versions = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(versions).toEqual(Array.from({ length: 30_002 }, (_, index) => index + 1));
    client.destroy();
  },
  patience,
);

/** Changes without commands. */
const change = async (log: EventLog, cartId: CartId, times: number) => {
  const setAt = Instant.parse("2026-01-01T00:00:00.000Z");
  const metadata = { correlationId: "flood", actor: { subject: "user-ada", kind: "user" } };
  for (let done = 0; done < times; done += 100) {
    const events = Array.from({ length: 100 }, (_, index) => {
      const data = { cartId, productId: mouse, from: 1 + (index % 2), to: 2 - (index % 2), setAt };
      return { ...cartEvents.encode({ type: "ItemQuantitySet", data }), eventId: crypto.randomUUID(), metadata };
    });
    const commands = [{ key: crypto.randomUUID(), fingerprint: "flood", eventCount: events.length }] as const;
    await log.append({ commands, streams: [{ streamId: cartStreamId(cartId), expect: "any", events }] });
    // The socket is to be written meanwhile.
    await new Promise(setImmediate);
  }
};
