import { absentCart } from "@cartwright/cart-domain/cart";
import type { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { FeedState } from "./cart-feed.ts";
import type { FinalAnswer } from "./command-sender.ts";
import { type ConfirmedCart, followed } from "./confirmed-cart.ts";
import { type LiveCartState, type LiveStatus, type Told, viewed } from "./live-cart-state.ts";
import {
  accepted,
  afterChange,
  afterSnapshot,
  dropped,
  issue,
  nextToSend,
  type Pending,
  type PendingCommands,
  refused,
  sent,
  type Tap,
  withPending,
} from "./pending-commands.ts";

/** All that a live cart knows. Immutable; every function here is pure. */
export type LiveCartModel = {
  /** Null until the service has told it. */
  readonly confirmed: ConfirmedCart | null;
  readonly pending: PendingCommands;
  readonly feed: FeedState;
  /** Why the feed has ended. */
  readonly refusal: Refusal | null;
  /** Whether the last command reached the service. */
  readonly reachable: boolean;
  readonly told: readonly Told[];
};

export const unknownCart: LiveCartModel = { confirmed: null, pending: [], feed: "idle", refusal: null, reachable: true, told: [] };

/** With one more tap; null where too many wait already. */
export const tapped = (model: LiveCartModel, tap: Tap, { key, maxPending }: { key: IdempotencyKey; maxPending: number }) => {
  const pending = issue(model.pending, tap, key);
  return pending.filter(isUnanswered).length > maxPending ? null : { ...model, pending };
};

/** The command to send now, and the model once it is sent. */
export const taken = (model: LiveCartModel): { model: LiveCartModel; next: Pending } | null => {
  const next = nextToSend(model.pending);
  return next ? { model: { ...model, pending: sent(model.pending, next.key) }, next } : null;
};

/** With what the command came to, which its last tap tells of. */
export const answered = (model: LiveCartModel, { key, taps }: Pending, answer: FinalAnswer): LiveCartModel => {
  const tap = taps.slice(-1);
  const { pending, confirmed } = model;
  switch (answer.outcome) {
    case "accepted": {
      const told = tap.flatMap((it) => answer.notices.map((notice) => ({ ...it, kind: "notice", notice }) as const));
      // Whoever looks again is told the cart again, with this in it.
      const isFollowed = model.feed !== "idle";
      const after = isFollowed
        ? accepted(pending, key, { version: answer.version, shown: confirmed?.version ?? 0 })
        : dropped(pending, key);
      return telling({ ...model, pending: after }, told);
    }
    case "refused":
      return telling(
        { ...model, pending: refused(pending, key, answer.refusal) },
        tap.map((it) => ({ ...it, kind: "refused", refusal: answer.refusal })),
      );
    case "failed":
      return telling(
        { ...model, pending: dropped(pending, key) },
        tap.map((it) => ({ ...it, kind: "failed", error: answer.error })),
      );
  }
};

/** With what the service has told; null where it can't be followed. */
export const heard = (model: LiveCartModel, message: LiveCartMessage): LiveCartModel | null => {
  const confirmed = followed(model.confirmed, message);
  if (!confirmed || confirmed === model.confirmed) return confirmed && model;
  const pending =
    message.kind === "change"
      ? afterChange(model.pending, message)
      : afterSnapshot(model.pending, { version: message.version, before: model.confirmed?.version ?? 0 });
  return { ...model, confirmed, pending };
};

export const stateOf = (model: LiveCartModel, at: { cartId: CartId; now: Instant }): LiveCartState => {
  const { confirmed, pending, told, refusal } = model;
  const version = confirmed?.version ?? 0;
  return {
    status: statusOf(model),
    cart: viewed(withPending(confirmed?.cart ?? absentCart, pending, at), version),
    loaded: confirmed !== null,
    version,
    pending: pending.filter(isUnanswered).reduce((sum, { taps }) => sum + taps.length, 0),
    told,
    refusal,
  };
};

const statusOf = ({ feed, reachable }: LiveCartModel): LiveStatus => {
  if (feed === "ended") return "ended";
  if (feed === "lost" || !reachable) return "offline";
  return feed === "connected" ? "live" : "catchingUp";
};

const isUnanswered = ({ stage }: Pending): boolean => stage.at !== "answered";

const telling = (model: LiveCartModel, told: readonly Told[]): LiveCartModel => ({
  ...model,
  told: [...model.told, ...told].slice(-mostTold),
});

/** More than anybody reads. */
const mostTold = 20;
