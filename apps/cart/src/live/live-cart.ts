import { absentCart, type Cart, evolve } from "@cartwright/cart-domain/cart";
import { snapshotOf } from "@cartwright/cart-domain/cart-snapshot";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId } from "@cartwright/contracts/ids";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import { lineOfText } from "@cartwright/contracts/text";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import type { Counter, Metrics } from "@cartwright/service-kit/metrics";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import { type Look, recordLook, type SupportReads } from "../carts/support-reads.ts";
import { changeOf } from "./change-of.ts";
import { eventsAfter } from "./events-after.ts";
import { knownVersion } from "./known-version.ts";
import type { LiveFeed, LiveHub } from "./live-hub.ts";

export const LiveCart = z.strictObject({
  cartId: CartId,
  /** The version that the subscriber has. What was never a version of this cart is answered with a snapshot. */
  lastEventId: z.string().max(100).optional(),
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type LiveCart = z.output<typeof LiveCart>;

/** What `LiveCartMessage` promises, until the signal aborts. */
export type FollowCart = (caller: Caller, input: LiveCart, signal: AbortSignal) => Promise<Answer<AsyncIterable<LiveCartMessage>>>;

export type LiveCartDeps = {
  readonly hub: Pick<LiveHub, "join">;
  readonly handler: Pick<CommandHandler<Cart, CartEvent>, "load">;
  readonly log: Pick<EventLog, "readStream">;
  readonly supportReads: SupportReads;
  readonly now: () => Date;
  readonly metrics: Metrics;
};

export const liveCart = (deps: LiveCartDeps): FollowCart => {
  const messages = deps.metrics.counter({
    name: "live_messages_total",
    help: "Snapshots and changes that subscribers were sent",
    labels: ["kind"],
  });

  return async (caller, input, signal) => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const look = { caller, access: access.value, question: "live" };
    const streamId = cartStreamId(input.cartId);
    // Joined before the log is read, so that nothing falls between the two.
    const feed = deps.hub.join(streamId, signal);
    try {
      const answer = await following(deps, { streamId, feed, look, lastEventId: input.lastEventId });
      if (answer.ok) return { ok: true, value: counted(answer.value, messages) };
      feed.leave();
      return answer;
    } catch (error) {
      feed.leave();
      throw error;
    }
  };
};

type Following = {
  readonly streamId: string;
  readonly feed: LiveFeed;
  readonly look: Look;
  readonly lastEventId: string | undefined;
};

const following = async (deps: LiveCartDeps, { streamId, feed, look, lastEventId }: Following): ReturnType<FollowCart> => {
  const found = await deps.handler.load(streamId);
  const hidden = await whyHidden(deps, look, found.state);
  if (hidden?.code === "ReasonMissing") return { ok: false, refusal: hidden };
  const { state, version: head } = hidden ? notThere : found;
  const known = knownVersion(lastEventId, head);

  async function* messages(): AsyncGenerator<LiveCartMessage, void> {
    if (known === null) yield { kind: "snapshot", version: head, snapshot: snapshotOf(state) };
    if (!hidden) {
      for await (const event of eventsAfter({ streamId, feed, log: deps.log, after: known ?? head, head })) {
        // Who opens a cart that was not there may be somebody else.
        if (state.status === "Absent" && event.version === 1 && (await whyHidden(deps, look, firstOf(event)))) break;
        yield changeOf(event);
      }
    }
    while (await feed.next());
  }
  return { ok: true, value: messages() };
};

const notThere = { state: absentCart, version: 0 };

const firstOf = (event: RecordedEvent): Cart => evolve(absentCart, cartModel.decode(event));

/** Why the caller may not know of the cart. Where support may, it is written down that it looked. */
const whyHidden = async (
  deps: Pick<LiveCartDeps, "supportReads" | "now">,
  look: Look,
  cart: Cart,
): Promise<ReturnType<Look["access"]["denies"]>> => {
  if (cart.status === "Absent") return null;
  const refusal = look.access.denies(cart);
  if (!refusal) await recordLook(deps, look, cart);
  return refusal;
};

async function* counted(messages: AsyncIterable<LiveCartMessage>, counter: Counter<"kind">) {
  for await (const message of messages) {
    counter.add({ kind: message.kind });
    yield message;
  }
}
