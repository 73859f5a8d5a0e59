import { silentLogger } from "@cartwright/service-kit/logger";
import { serve } from "@cartwright/service-kit/node/serve";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, createWSClient, TRPCClientError, wsLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import type { CartServiceRouter } from "../router.ts";
import { aCartId, cartUnderTest, mouse, refusalOf } from "../spec.ts";
import { cartWebSockets } from "./web-socket.ts";

/** The service in memory, on a port. */
const served = async () => {
  const clock = { aheadMs: 0 };
  const cart = await cartUnderTest({ now: () => new Date(Date.now() + clock.aheadMs) });
  const { app, services, verifier, stopLive } = cart;
  const webSockets = cartWebSockets({ services, verifier, logger: silentLogger, corsOrigins: ["https://shop.example"], maxBatchSize: 2 });
  const server = serve({ app, webSockets, endStreams: stopLive, port: 0, hostname: "127.0.0.1", variable: "CART_PORT" });
  return {
    ...cart,
    clock,
    url: `${server.url.replace("http", "ws")}/trpc`,
    async [Symbol.asyncDispose]() {
      await server.stop({ graceMs: 0 });
      await cart[Symbol.asyncDispose]();
    },
  };
};

const connected = (url: string, token: string) => {
  const socket = createWSClient({ url, connectionParams: { authorization: `Bearer ${token}` }, lazy: { enabled: true, closeMs: 0 } });
  return createTRPCClient<CartServiceRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
};

test("commands, questions and the live cart go over one socket, and dates and bigints arrive as such", async () => {
  await using cart = await served();
  const client = connected(cart.url, await cart.guest());
  const cartId = aCartId();
  const changes: { position: bigint; at: Date }[] = [];
  const there = Promise.withResolvers<void>();
  const following = client.cart.live.subscribe(
    { cartId },
    {
      onData: ({ data }) => {
        if (data.kind === "change") changes.push(data);
        else there.resolve();
      },
    },
  );
  await there.promise;
  const { version, position } = await client.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  expect((await client.cart.view.query({ cartId, atLeastVersion: version })).openedAt).toBeInstanceOf(Date);
  await until(() => changes.length === 2);
  expect(changes.at(-1)?.position).toBe(position);
  expect(changes.at(-1)?.at).toBeInstanceOf(Date);
  following.unsubscribe();
});

test("a refusal is told as over HTTP", async () => {
  await using cart = await served();
  const client = connected(cart.url, await cart.guest());
  const cartId = aCartId();
  expect(await refusalOf(client.cart.view.query({ cartId }))).toEqual({ code: "CartNotFound", cartId });
});

test("support that gives no reason is refused, and so is a token that is none", async () => {
  await using cart = await served();
  const cartId = aCartId();
  await cart.trpc(await cart.guest()).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const failure = (token: string) =>
    new Promise((failed) => {
      connected(cart.url, token).cart.live.subscribe(
        { cartId },
        { onError: (error) => failed(error instanceof TRPCClientError && error.data?.refusal) },
      );
    });
  expect(await failure(await cart.token("support"))).toEqual({ code: "ReasonMissing" });
  expect(await failure("nonsense")).toEqual({ code: "Unauthenticated", reason: "invalid" });
});

test("a token that has expired gets nothing that happens later, but is told why", async () => {
  await using cart = await served();
  const token = await cart.token("ada");
  const cartId = aCartId();
  const add = async () => cart.trpc(await cart.token("ada")).cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const versions: number[] = [];
  const failure = new Promise((failed) => {
    connected(cart.url, token).cart.live.subscribe(
      { cartId },
      { onData: ({ data }) => void versions.push(data.version), onError: (error) => failed(error.data?.refusal) },
    );
  });
  await until(() => versions.length === 1);
  cart.clock.aheadMs = 700_000;
  await add();
  expect(await failure).toEqual({ code: "Unauthenticated", reason: "expired" });
  expect(versions).toEqual([0]);
});
