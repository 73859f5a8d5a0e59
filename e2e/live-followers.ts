import type { CartServiceRouter } from "@cartwright/cart/router";
import type { CartId } from "@cartwright/contracts/ids";
import { createTRPCClient, createWSClient, httpSubscriptionLink, type TRPCLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import { TestEventSource } from "./test-event-source.ts";

export type Follower = Disposable & {
  /** Of every message, in the order in which they came. */
  readonly versions: number[];
  readonly snapshots: () => number;
  /** What the subscription failed with. */
  readonly failed: Promise<{ code: string; refusal?: object }>;
};

export type FollowerOptions = { readonly url: string; readonly token: string; readonly cartId: CartId };

/** Follows a cart over a WebSocket, as tRPC's own client does. */
export const webSocketFollower = ({ url, token, cartId }: FollowerOptions): Follower => {
  const client = createWSClient({
    url: `${url.replace("http", "ws")}/trpc`,
    connectionParams: { authorization: `Bearer ${token}` },
    retryDelayMs: soon,
  });
  const follower = followed([wsLink({ client, transformer: superjson })], cartId);
  return {
    ...follower,
    [Symbol.dispose]() {
      follower[Symbol.dispose]();
      void client.close();
    },
  };
};

/** Follows a cart over server-sent events, as tRPC's own client does. */
export const eventStreamFollower = ({ url, token, cartId }: FollowerOptions): Follower =>
  followed(
    [
      httpSubscriptionLink({
        url: `${url}/trpc`,
        connectionParams: { authorization: `Bearer ${token}` },
        EventSource: TestEventSource,
        transformer: superjson,
      }),
    ],
    cartId,
  );

const followed = (links: TRPCLink<CartServiceRouter>[], cartId: CartId): Follower => {
  const versions: number[] = [];
  const { promise: failed, resolve } = Promise.withResolvers<{ code: string; refusal?: object }>();
  let snapshots = 0;
  const subscription = createTRPCClient<CartServiceRouter>({ links }).cart.live.subscribe(
    { cartId },
    {
      onData({ data }) {
        versions.push(data.version);
        if (data.kind === "snapshot") snapshots += 1;
      },
      onError: ({ data }) => resolve({ code: data?.code ?? "", ...(data?.refusal && { refusal: data.refusal }) }),
    },
  );
  return { versions, snapshots: () => snapshots, failed, [Symbol.dispose]: () => subscription.unsubscribe() };
};

const soon = () => Math.random() * 20;
