import type { ExistingCart } from "@cartwright/cart-domain/cart";
import { explainQuote } from "@cartwright/cart-domain/pricing/explain-quote";
import type { EventsAbout } from "@cartwright/cart-domain/pricing/explaining";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { ExplanationSource, QuoteExplanation } from "@cartwright/contracts/explanation";
import { EventId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { Quote } from "@cartwright/contracts/pricing-shapes";
import type { EventLog } from "@cartwright/event-log/event-log";
import type * as z from "zod";
import { type Access, accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import type { RunDeps } from "../carts/run-command.ts";
import { recordLook, type SupportReads } from "../carts/support-reads.ts";
import { QuoteCart } from "./quote-cart.ts";
import { type QuoteDeps, quoteOfCart } from "./quote-of-cart.ts";

export const ExplainCart = QuoteCart;
export type ExplainCart = z.output<typeof ExplainCart>;

export type ExplainDeps = RunDeps & QuoteDeps & { readonly log: Pick<EventLog, "readStream">; readonly supportReads: SupportReads };

export type ExplainReply = QuoteExplanation & { readonly quote: Quote };

/**
 * Why each amount is what it is: the rules, the versions of what the shop says, and the events of the cart that it came from. Of a cart that
 * is being paid or is an order, of what is paid for it.
 */
export const explainCart =
  (deps: ExplainDeps) =>
  async (caller: Caller, input: ExplainCart): Promise<Answer<ExplainReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const streamId = cartStreamId(input.cartId);
    const { state } = await deps.handler.load(streamId);
    if (state.status === "Absent") return { ok: false, refusal: { code: "CartNotFound", cartId: input.cartId } };
    const denied = access.value.denies(state);
    if (denied) return { ok: false, refusal: denied };
    await recordLook(deps, { caller, access: access.value, question: "explain" }, state);
    const quoted = await quoteFor(deps, { state, input, access: access.value });
    if (!quoted.ok) return quoted;
    const eventsAbout = await eventsOf(deps, streamId);
    return { ok: true, value: { quote: quoted.value, ...explainQuote(quoted.value, eventsAbout) } };
  };

type Asked = { readonly state: ExistingCart; readonly input: ExplainCart; readonly access: Access };

const quoteFor = async (deps: ExplainDeps, { state, input, access }: Asked): Promise<Answer<Quote>> => {
  if (state.checkout && (state.status === "CheckingOut" || state.status === "Ordered")) return { ok: true, value: state.checkout.quote };
  const { country = null, shippingMethodId = null } = input;
  const asked = { cart: state, country, shippingMethodId, atListPrices: !access.mayPrice, now: instantOf(deps.now()) };
  const quoted = await quoteOfCart(deps, asked);
  return quoted.ok ? { ok: true, value: quoted.value.quote } : quoted;
};

/** Of each product and each coupon, what has happened to it in this cart. */
const eventsOf = async ({ log }: Pick<ExplainDeps, "log">, streamId: string): Promise<EventsAbout> => {
  const found = new Map<string, ExplanationSource["events"][number][]>();
  for (const recorded of await log.readStream(streamId)) {
    const event = cartModel.decode(recorded);
    const told = { eventId: EventId.parse(recorded.eventId), type: event.type, version: recorded.version };
    for (const key of keysOf(event)) found.set(key, [...(found.get(key) ?? []), told]);
  }
  return (kind, id) => found.get(`${kind} ${id}`) ?? [];
};

const keysOf = ({ type, data }: CartEvent): readonly string[] => {
  if (type === "RemovalUndone") return data.items.map(({ productId }) => `product ${productId}`);
  if ("productId" in data) return [`product ${data.productId}`];
  return "code" in data ? [`coupon ${data.code}`] : [];
};
