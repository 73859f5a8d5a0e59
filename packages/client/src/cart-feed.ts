import type { CartId } from "@cartwright/contracts/ids";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import type { Refusal } from "@cartwright/contracts/refusals";
import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { LiveCartService } from "./live-cart-service.ts";

/** `idle`: nobody looks. `ended`: the service refuses to tell. */
export type FeedState = "idle" | "connecting" | "connected" | "lost" | "ended";

export type CartFeed = {
  start(): void;
  stop(): void;
  /** Begins again at once, such as with another token. */
  restart(): void;
  /** The connection is known to be lost, before it shows. It counts again as soon as anything comes over it. */
  lose(): void;
};

export type CartFeedOptions = {
  readonly cartId: CartId;
  readonly service: Pick<LiveCartService, "follow">;
  readonly clock: Pick<Clock, "wait">;
  /** Answers whether the message could be followed; if not, the whole cart is asked for. */
  readonly onMessage: (message: LiveCartMessage) => boolean;
  readonly onState: (state: FeedState, refusal: Refusal | null) => void;
};

/** Follows a cart for as long as it is started, whatever happens to the connection. */
export const cartFeed = ({ cartId, service, clock, onMessage, onState }: CartFeedOptions): CartFeed => {
  let lastEventId: string | undefined;
  let failures = 0;
  /** Of the connection that counts; what an earlier one still says is not heard. */
  let current: AbortController | undefined;

  const connect = () => {
    const connection = new AbortController();
    current = connection;
    const counts = () => current === connection && !connection.signal.aborted;
    let over = false;
    const heard = () => counts() && !over;
    const again = (waitMs: number) => {
      failures++;
      void clock.wait(waitMs, connection.signal).then(() => counts() && connect());
    };
    const stop = service.follow(
      { cartId, lastEventId },
      {
        message: (message, eventId) => {
          if (!heard()) return;
          if (!onMessage(message)) {
            lastEventId = undefined;
            return restart();
          }
          failures = 0;
          lastEventId = eventId;
          onState("connected", null);
        },
        connection: (state) => {
          // Before the first message nothing is known, however good the connection is.
          if (heard() && (state === "lost" || lastEventId !== undefined)) onState(state, null);
        },
        ended: (refusal) => {
          if (!heard()) return;
          over = true;
          if (refusal) return onState("ended", refusal);
          // The first time it may be no more than a token that ran out.
          if (failures === 0) return again(0);
          onState("lost", null);
          again(backoffMs(failures));
        },
      },
    );
    if (connection.signal.aborted) stop();
    else connection.signal.addEventListener("abort", stop, { once: true });
  };

  const restart = () => {
    if (!current) return;
    current.abort();
    onState("connecting", null);
    connect();
  };

  return {
    start: () => {
      if (current) return;
      onState("connecting", null);
      connect();
    },
    stop: () => {
      current?.abort();
      current = undefined;
      onState("idle", null);
    },
    restart,
    lose: () => {
      if (current) onState("lost", null);
    },
  };
};
