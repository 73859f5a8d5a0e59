import { addItem } from "@cartwright/cart-domain/add-item";
import { absentCart, type Cart, evolve } from "@cartwright/cart-domain/cart";
import { snapshotOf } from "@cartwright/cart-domain/cart-snapshot";
import { noticesOf } from "@cartwright/cart-domain/notices-of";
import { type CartEvent, cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId, type IdempotencyKey, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { LiveCartMessage } from "@cartwright/contracts/live-cart";
import type { Refusal } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { CartCommand, SeenProduct } from "./cart-command.ts";
import type { CommandAnswer, FollowObserver } from "./live-cart-service.ts";
import { predict } from "./predict.ts";

/**
 * A cart service made of what the real one is made of, the domain, the command handler and a log, here in memory. A development export.
 */
export type ServiceInMemory = {
  run(command: CartCommand, request: { cartId: CartId; key: IdempotencyKey }): Promise<CommandAnswer>;
  follow(request: { cartId: CartId; lastEventId: string | undefined }, on: FollowObserver): () => void;
  load(cartId: CartId): Promise<{ cart: Cart; version: number }>;
  events(cartId: CartId): Promise<readonly (CartEvent & { correlationId: string })[]>;
};

export const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
export const owner = SubjectId.parse("user-1");
export const now = Instant.parse("2026-01-31T09:30:00.000Z");
export const productId = (name: string): ProductId => ProductId.parse(name);

/** As `catalog.list` tells it. */
export const seen = (name: string, amountMinor = 1_000): SeenProduct => ({
  name: `The ${name}`,
  category: null,
  image: null,
  price: { amountMinor, currency: "EUR" },
});

export const serviceInMemory = (products: readonly string[]): ServiceInMemory => {
  const log = inMemoryEventLog({ name: "cart", shards: 1 });
  const handler = commandHandler<Cart, CartEvent>({
    log,
    model: { initial: absentCart, evolve, encode: cartEvents.encode, decode: cartEvents.decode },
  });
  const read = async (cartId: CartId, after = 0) => (await log.readStream(cartStreamId(cartId), { after })).map(changeOf);

  return {
    run: async (command, { cartId, key }) => {
      const outcome = await handler.handle({
        streamId: cartStreamId(cartId),
        key: `${owner} ${key}`,
        fingerprint: JSON.stringify(command),
        metadata: { correlationId: key, actor: { subject: owner, kind: "user" } },
        decide: (cart): Decision<CartEvent, Refusal> => decide(command, cart, { cartId, products }),
        answerOf: (events) => [...noticesOf(events)],
      });
      if (outcome.outcome === "refused") return { outcome: "refused", refusal: outcome.refusal };
      if (outcome.outcome !== "accepted") throw new Error(`unexpected: ${outcome.outcome}`);
      return { outcome: "accepted", version: outcome.version, notices: [] };
    },
    follow: ({ cartId, lastEventId }, on) => {
      let stopped = false;
      let told = Number(lastEventId ?? -1);
      const tell = (message: LiveCartMessage) => {
        if (stopped || message.version <= told) return;
        told = message.version;
        on.message(message, String(message.version));
      };
      const tellMissed = async () => {
        for (const change of await read(cartId, told)) tell(change);
      };
      const begin = async () => {
        const { state, version } = await handler.load(cartStreamId(cartId));
        if (lastEventId === undefined) tell({ kind: "snapshot", version, snapshot: snapshotOf(state) });
        if (!stopped) on.connection("connected");
        await tellMissed();
      };
      const unsubscribe = log.onWake(() => void tellMissed());
      void begin();
      return () => {
        stopped = true;
        unsubscribe();
      };
    },
    load: async (cartId) => {
      const { state, version } = await handler.load(cartStreamId(cartId));
      return { cart: state, version };
    },
    events: async (cartId) => (await read(cartId)).map(({ event, correlationId }) => ({ ...event, correlationId })),
  };
};

/** As the real service decides: what a product is called and costs, its catalogue says. */
const decide = (
  command: CartCommand,
  cart: Cart,
  { cartId, products }: { cartId: CartId; products: readonly string[] },
): Decision<CartEvent, Refusal> => {
  const at = { cartId, now };
  if (command.type !== "addItem") return predict(command, cart, at) ?? accept();
  const { productId } = command;
  if (!products.includes(productId)) return refuse({ code: "ProductNotFound", productId });
  const product = seen(productId);
  if (command.product && command.product.price.amountMinor !== product.price.amountMinor)
    return refuse({ code: "PriceChanged", productId, seen: command.product.price, list: product.price });
  const { price: unitPrice, ...snapshot } = product;
  return addItem({ ...at, owner, ownerKind: "user", productId, product: snapshot, unitPrice, quantity: command.quantity }, cart);
};

const changeOf = (recorded: RecordedEvent): Extract<LiveCartMessage, { kind: "change" }> => ({
  kind: "change",
  version: recorded.version,
  position: recorded.position,
  event: cartEvents.decode(recorded),
  schemaVersion: recorded.schemaVersion,
  at: recorded.recordedAt,
  actor: { subject: owner, kind: "user" },
  correlationId: String(recorded.metadata.correlationId),
});
