import { type CartEvent, cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId, CorrelationId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { tail } from "@cartwright/event-log/tailer";
import { noMetrics } from "@cartwright/service-kit/metrics";
import { until } from "@cartwright/testkit/until";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import type { SupportRead } from "../carts/support-reads.ts";
import { type FollowCart, type LiveCart, liveCart } from "./live-cart.ts";
import { liveHub } from "./live-hub.ts";

export type LiveUnderTestOptions = {
  readonly queueLimit?: number;
  /** Holds back what was read of a stream. */
  readonly afterRead?: () => Promise<void>;
};

/** Live carts on a log in memory, whose events a test appends as it likes. */
export const liveUnderTest = async ({ queueLimit = 256, afterRead = async () => {} }: LiveUnderTestOptions = {}) => {
  const memory = inMemoryEventLog({ name: "cart" });
  const log: EventLog = {
    ...memory,
    async readStream(...range) {
      const events = await memory.readStream(...range);
      await afterRead();
      return events;
    },
  };
  const tailer = await tail({ log });
  let subscribers = 0;
  const set = (_: object, value: number) => {
    subscribers = value;
  };
  const hub = liveHub({ tailer, queueLimit, metrics: { ...noMetrics, gauge: () => ({ set, remove: () => {} }) } });
  const supportReads: SupportRead[] = [];
  const live = liveCart({
    hub,
    log,
    handler: commandHandler({ log, model: cartModel }),
    supportReads: { record: async (read) => void supportReads.push(read) },
    now: () => new Date(),
    metrics: noMetrics,
  });

  const append = async (cartId: CartId, events: readonly CartEvent[]) => {
    await appendTo(memory, { cartId, events });
    await tailer.catchUp();
  };
  return {
    hub,
    live,
    supportReads,
    subscribers: () => subscribers,
    open: (cartId: CartId, owner = "user-ada") => append(cartId, [opened(cartId, owner)]),
    change: (cartId: CartId, times = 1) => append(cartId, changes(cartId, times)),
    follow: following(live),
    async [Symbol.asyncDispose]() {
      hub.stop();
      await tailer.stop();
    },
  };
};

/** In one append, and not by a command. */
export const appendTo = async (log: Pick<EventLog, "append">, { cartId, events }: { cartId: CartId; events: readonly CartEvent[] }) => {
  const key = crypto.randomUUID();
  await log.append({
    commands: [{ key, fingerprint: "events", eventCount: events.length }],
    streams: [{ streamId: cartStreamId(cartId), expect: "any", events: events.map(recordable) }],
  });
};

export const changes = (cartId: CartId, times: number, image: string | null = null): readonly CartEvent[] =>
  Array.from({ length: times }, () => added(cartId, image));

/** A follower that keeps what it is sent. */
const following = (live: FollowCart) => async (who: Caller, input: LiveCart) => {
  const leaving = new AbortController();
  const answer = await live(who, input, leaving.signal);
  if (!answer.ok) throw new Error(answer.refusal.code);
  const messages: LiveCartMessage[] = [];
  const read = async () => {
    for await (const message of answer.value) messages.push(message);
  };
  const ended = read();
  return {
    messages,
    told: () => messages.map(({ kind, version }) => `${kind} ${version}`),
    has: (count: number) => until(() => messages.length >= count, { what: `${count} messages` }),
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await ended;
    },
  };
};

export const aCaller = (subject: string, ...scopes: string[]): Caller => ({
  subject: SubjectId.parse(subject),
  kind: "user",
  scopes: new Set(scopes),
  correlationId: CorrelationId.parse("a-question"),
});

export const aCartId = (): CartId => CartId.parse(crypto.randomUUID());

const recordable = (event: CartEvent) => ({
  ...cartEvents.encode(event),
  eventId: crypto.randomUUID(),
  metadata: { correlationId: "a-command", actor: { subject: "user-ada", kind: "user" } },
});

const at = Instant.parse("2026-01-01T00:00:00.000Z");
const opened = (cartId: CartId, owner: string): CartEvent => ({
  type: "CartOpened",
  data: { cartId, owner: SubjectId.parse(owner), ownerKind: "user", currency: "EUR", openedAt: at },
});
const added = (cartId: CartId, image: string | null): CartEvent => ({
  type: "ItemAddedToCart",
  data: {
    cartId,
    productId: ProductId.parse("mouse"),
    product: { name: "Mouse", category: "computers", image },
    quantity: 1,
    unitPrice: { amountMinor: 1_999, currency: "EUR" },
    addedAt: at,
  },
});
