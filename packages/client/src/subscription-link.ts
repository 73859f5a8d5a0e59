import { type OperationLink, type TRPCLink, wsLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { contextOf } from "./call-context.ts";
import { isRefusal } from "./is-refusal.ts";
import type { Socket } from "./socket.ts";
import { wire } from "./wire.ts";

export type SubscriptionLinkOptions<Router extends AnyRouter> = {
  /** Absent where there is no WebSocket. */
  readonly socket: Socket | undefined;
  readonly sse: TRPCLink<Router>;
  /** How long a WebSocket may take to open. */
  readonly openWithinMs?: number;
  readonly now?: () => number;
};

/**
 * Subscribes over a WebSocket, and over server-sent events where none can be opened, as behind some proxies: a subscription whose socket
 * failed twice before it was ever open goes over, and those that follow do not try again for a while.
 */
export const subscriptionLink = <Router extends AnyRouter>(options: SubscriptionLinkOptions<Router>): TRPCLink<Router> => {
  const { socket, sse, now = Date.now } = options;
  return (runtime) => {
    const overSse: OperationLink<Router> = sse(runtime);
    if (!socket) return overSse;
    const overSocket = socketLink<Router>(socket)(runtime);
    let blockedUntil = 0;

    return (call) => {
      if (now() < blockedUntil) return overSse(call);
      return observable((observer) => {
        let current: Unsubscribable | undefined;
        let blocked = false;
        const opening = openingOf(options, () => {
          blocked = true;
          current?.unsubscribe();
          current = overSse(call).subscribe({
            ...observer,
            next: (envelope) => {
              if (envelope.result.type === "started") blockedUntil = now() + blockedForMs;
              observer.next(envelope);
            },
          });
        });
        // What is left behind has nothing more to say, also not that it ends.
        const first = overSocket(call).subscribe({
          next: (envelope) => {
            if (envelope.result.type === "state") opening.heard(envelope.result);
            if (!blocked) observer.next(envelope);
          },
          error: (error) => blocked || observer.error(error),
          complete: () => blocked || observer.complete(),
        });
        if (blocked) first.unsubscribe();
        else current = first;
        return () => {
          opening.over();
          current?.unsubscribe();
        };
      });
    };
  };
};

/** Watches a socket being opened, and says once that it can't be. */
const openingOf = ({ openWithinMs = 5_000 }: Pick<SubscriptionLinkOptions<AnyRouter>, "openWithinMs">, onBlocked: () => void) => {
  let failures = 0;
  let done = false;
  const over = () => {
    done = true;
    clearTimeout(timer);
  };
  const blocked = () => {
    if (done) return;
    over();
    onBlocked();
  };
  const timer = setTimeout(blocked, openWithinMs);
  return {
    over,
    heard: ({ state, error }: { state: string; error: unknown }) => {
      if (state === "pending") over();
      else if (error && ++failures === 2) blocked();
    },
  };
};

/** A socket speaks for whoever opened it; one that the service accepts no more is not used again. */
const socketLink =
  <Router extends AnyRouter>(socket: Socket): TRPCLink<Router> =>
  (runtime) =>
  (call) =>
    observable((observer) => {
      const client = socket.client();
      // The transformer is known to be one; the router's type says whether there is any.
      const link = wsLink<AnyRouter>({ client, transformer: wire })(runtime) as OperationLink<Router>;
      return link(call).subscribe({
        ...observer,
        error: (error) => {
          if (isRefusal(error, "Unauthenticated")) {
            contextOf(call.op).token = socket.token();
            socket.retire(client);
          }
          observer.error(error);
        },
      });
    });

const blockedForMs = 600_000;
