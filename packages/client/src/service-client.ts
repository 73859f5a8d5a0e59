import type { TRPCUntypedClient } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import type { CallOptions, SubscriptionObserver } from "./call-options.ts";
import type { ClientOf } from "./client-of.ts";

/** The procedures of a service's router as functions. */
export const serviceClient = <Router extends AnyRouter>(client: TRPCUntypedClient<Router>): ClientOf<Router> =>
  // What the proxy answers to any path, the router's type says of those that are there.
  callsAt(client as TRPCUntypedClient<AnyRouter>, []) as ClientOf<Router>;

type Client = TRPCUntypedClient<AnyRouter>;

const callsAt = (client: Client, path: readonly string[]): unknown =>
  new Proxy(() => undefined, {
    // A client that looked like a promise would be called when it is awaited.
    get: (_target, name) => (typeof name === "string" && name !== "then" ? callsAt(client, [...path, name]) : undefined),
    apply: (_target, _self, [input, how]: [unknown, unknown]) => {
      const procedure = path.slice(0, -1).join(".");
      switch (path.at(-1)) {
        case "query":
          return client.query(procedure, input, how as CallOptions);
        case "mutate":
          return client.mutation(procedure, input, how as CallOptions);
        case "subscribe":
          return subscribe(client, procedure, { input, observer: how as SubscriptionObserver<unknown> });
        default:
          throw new TypeError(`${path.join(".")} is not a call: it has query, mutate or subscribe behind it`);
      }
    },
  });

type Subscription = { readonly input: unknown; readonly observer: SubscriptionObserver<unknown> };

const subscribe = (client: Client, procedure: string, { input, observer }: Subscription): (() => void) => {
  const { onMessage, onError, onEnd, onConnection } = observer;
  const subscription = client.subscription(procedure, input, {
    onData: onMessage,
    onStarted: () => onConnection?.("connected"),
    onConnectionStateChange: ({ state, error }) => {
      if (state === "connecting" && error) onConnection?.("lost");
    },
    onError: (error) => onError?.(error),
    onComplete: () => onEnd?.(),
  });
  return () => subscription.unsubscribe();
};
