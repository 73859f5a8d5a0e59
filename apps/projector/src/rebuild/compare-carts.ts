import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import type { placedList } from "@cartwright/read-model/redis/cart-view-keys";
import type { Comparison, Difference } from "./rebuild-projection.ts";

/** What a store holds of one version of what is kept of carts. */
export type CartSnapshot = {
  /** Carts of one shard and the shard's mark, as they were at one moment. */
  read(shard: number, carts: readonly OpenedCart[]): Promise<{ readonly position: bigint; readonly kept: ReadonlyMap<CartId, KeptCart> }>;
  /** Every cart that the store has anything of, some of them perhaps twice. */
  everyCart(): AsyncIterable<readonly FoundCart[]>;
};

/** `listedFor` is whose list it was found in, where it was found in a list. */
export type FoundCart = { readonly cartId: CartId; readonly listedFor?: string };

export type OpenedCart = { readonly cartId: CartId; readonly owner: SubjectId };

export type CartLists = Readonly<Partial<Record<CartStatus | "all" | typeof placedList, string>>>;

export type KeptCart = {
  /** As JSON. */
  readonly view: string | null;
  /** In which of its owner's lists the cart is, and by which time it is sorted there; null where lists are not kept just now. */
  readonly lists: CartLists | null;
};

export type CompareOptions = {
  /** The cart's. */
  readonly log: LogReader & Pick<EventLog, "readStream">;
  readonly snapshot: CartSnapshot;
  /** Why what is kept of a cart is not what its events up to the store's mark say; null where it is. */
  readonly differenceOf: (events: readonly RecordedEvent[], kept: KeptCart | undefined) => string | null;
  readonly onProgress?: (carts: number) => void;
  /** Differences are listed up to so many, and then it is enough. Default 100. */
  readonly atMost?: number;
};

const batch = 200;
/** So many streams are read at once: the log serves shoppers meanwhile. */
const streamsAtOnce = 8;
const page = 2_000;

/**
 * Compares each cart that the store or the log has with the fold of its stream up to the store's mark. Both may go on meanwhile.
 * @throws where the log or the store is away, or an event can't be decoded.
 */
export const compareCarts = async (options: CompareOptions): Promise<Comparison> => {
  const { log, snapshot, onProgress = () => {}, atMost = 100 } = options;
  const differences: Difference[] = [];
  const seen = new Map<CartId, SubjectId | null>();
  const { heads } = await log.heads();
  for (const [shard, head] of heads.entries()) {
    for await (const carts of openedIn(log, { shard, head })) {
      differences.push(...(await differencesOf(carts, shard, options)));
      for (const { cartId, owner } of carts) seen.set(cartId, owner);
      onProgress(seen.size);
      if (differences.length >= atMost) return { compared: seen.size, differences: differences.slice(0, atMost) };
    }
  }
  for await (const found of snapshot.everyCart()) {
    for (const { cartId, listedFor } of found) {
      const known = seen.get(cartId);
      // It may have been opened since the log was read.
      const owner = known === undefined ? await ownerOf(log, cartId) : known;
      seen.set(cartId, owner);
      if (owner === null && known === undefined) differences.push({ of: cartId, reason: "the log has no such cart" });
      if (owner !== null && listedFor !== undefined && listedFor !== owner)
        differences.push({ of: cartId, reason: `it is listed for ${listedFor}, and is ${owner}'s` });
    }
    if (differences.length >= atMost) break;
  }
  return { compared: seen.size, differences: differences.slice(0, atMost) };
};

const ownerOf = async (log: CompareOptions["log"], cartId: CartId): Promise<SubjectId | null> => {
  const [first] = await log.readStream(cartStreamId(cartId), { limit: 1 });
  const opened = first && cartEvents.decode(first);
  return opened?.type === "CartOpened" ? opened.data.owner : null;
};

async function* openedIn(log: LogReader, { shard, head }: { shard: number; head: bigint }): AsyncGenerator<readonly OpenedCart[]> {
  let carts: OpenedCart[] = [];
  for (let after = 0n; after < head; ) {
    const events = await log.read([{ shard, after }], page);
    for (const event of events) {
      after = event.position;
      if (event.type !== "CartOpened") continue;
      const opened = cartEvents.decode(event);
      if (opened.type === "CartOpened") carts.push({ cartId: opened.data.cartId, owner: opened.data.owner });
      if (carts.length === batch) {
        yield carts;
        carts = [];
      }
    }
    if (events.length === 0) break;
  }
  if (carts.length > 0) yield carts;
}

const differencesOf = async (
  carts: readonly OpenedCart[],
  shard: number,
  { log, snapshot, differenceOf }: Pick<CompareOptions, "log" | "snapshot" | "differenceOf">,
): Promise<readonly Difference[]> => {
  const { position, kept } = await snapshot.read(shard, carts);
  const differences: Difference[] = [];
  const left = [...carts];
  const compare = async () => {
    for (let cart = left.pop(); cart; cart = left.pop()) {
      const events: readonly RecordedEvent[] = await log.readStream(cartStreamId(cart.cartId));
      const reason = differenceOf(
        events.filter((event) => event.position <= position),
        kept.get(cart.cartId),
      );
      if (reason !== null) differences.push({ of: cart.cartId, reason });
    }
  };
  await Promise.all(Array.from({ length: streamsAtOnce }, compare));
  return differences;
};
