import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { type Actor, EventMetadata } from "@cartwright/contracts/event-metadata";
import { CartId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import * as z from "zod";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { cartModel } from "./cart-model.ts";
import type { CartQueriesDeps } from "./cart-queries.ts";
import { recordLook } from "./support-reads.ts";

export const CartHistory = z.strictObject({
  cartId: CartId,
  /** The version behind which the page begins. */
  after: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(1_000).default(100),
  reason: lineOfText(500).optional(),
});
export type CartHistory = z.output<typeof CartHistory>;

/** What happened to a cart, in the newest shape of its type. */
export type HistoryEvent = CartEvent & {
  readonly eventId: string;
  /** Of the cart once this had happened. */
  readonly version: number;
  readonly position: bigint;
  readonly time: Date;
  readonly actor: Actor;
  readonly correlationId: string;
};

export type HistoryPage = {
  readonly cartId: CartId;
  /** Of the cart now: the number of its events. */
  readonly version: number;
  readonly events: readonly HistoryEvent[];
};

export const cartHistory =
  (deps: Pick<CartQueriesDeps, "handler" | "log" | "supportReads" | "now">) =>
  async (caller: Caller, input: CartHistory): Promise<Answer<HistoryPage>> => {
    const { cartId, after, limit } = input;
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const streamId = cartStreamId(cartId);
    const { state, version } = await deps.handler.load(streamId);
    if (state.status === "Absent") return { ok: false, refusal: { code: "CartNotFound", cartId } };
    const denied = access.value.denies(state);
    if (denied) return { ok: false, refusal: denied };
    await recordLook(deps, { caller, access: access.value, question: "history" }, state);
    const events = after < version ? await deps.log.readStream(streamId, { after, limit }) : [];
    return { ok: true, value: { cartId, version, events: events.map(historyEvent) } };
  };

const historyEvent = (recorded: RecordedEvent): HistoryEvent => {
  const { actor, correlationId } = EventMetadata.parse(recorded.metadata);
  const { eventId, version, position, recordedAt } = recorded;
  return { ...cartModel.decode(recorded), eventId, version, position, time: recordedAt, actor, correlationId };
};
