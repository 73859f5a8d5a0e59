import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { type CartListsOptions, cartLists } from "./cart-lists.ts";
import type { CartViewReader, CartViews } from "./cart-views.ts";
import { versionWaits } from "./version-waits.ts";
import { viewMemory } from "./view-memory.ts";

export type CartViewsOptions = Partial<Pick<CartListsOptions, "fromLog" | "onAway">> & {
  /**
   * Views are remembered, as many as hold so many lines together. Only for the process that does all the writing and tells of it:
   * then no view from memory is older than the store's.
   */
  rememberLines?: number;
  /** How long a list waits for the projection before the log is folded. Default 1,000 ms. */
  listWaitMs?: number;
  after?: (ms: number, callback: () => void) => () => void;
};

/** For a writer in the same process, which tells what became of each flush. */
export type CartViewsListener = {
  /** The flush is there: who waits for these views gets them at once. */
  applied(views: readonly CartView[]): void;
  /** It may be there or not. */
  doubted(views: readonly CartView[]): void;
  /** Whether all that is shown is told of: while it is not, as during a rebuild, nothing is remembered. */
  remember?(isOn: boolean): void;
};

export type CartViewsBesideWriter = CartViews & CartViewsListener;

/** The port over one store. */
export const cartViewsOver = (reader: CartViewReader, options: CartViewsOptions = {}): CartViewsBesideWriter => {
  const { rememberLines, listWaitMs = 1_000, fromLog, onAway = () => {}, after = timeout } = options;
  const newMemory = () => (rememberLines === undefined ? null : viewMemory(rememberLines));
  let memory = newMemory();
  const read = (cartIds: readonly CartId[]) => (memory ? memory.fill(cartIds, reader.getMany) : reader.getMany(cartIds));
  const waits = versionWaits({ look: read, after });
  const lists = cartLists({ read: reader.list, fromLog, onAway, waitMs: listWaitMs, after });
  return {
    async get(cartId) {
      return memory?.get(cartId) ?? (await read([cartId])).get(cartId) ?? null;
    },
    async getMany(cartIds) {
      if (!memory) return read(cartIds);
      const views = new Map<CartId, CartView>();
      for (const cartId of cartIds) {
        const view = memory.get(cartId);
        if (view) views.set(cartId, view);
      }
      const others = cartIds.filter((cartId) => !views.has(cartId));
      if (others.length > 0) for (const [cartId, view] of await read(others)) views.set(cartId, view);
      return views;
    },
    listBySubject: lists.page,
    async waitForVersion(cartId, version, within) {
      const known = memory?.get(cartId);
      return known && known.version >= version ? known : waits.wait(cartId, version, within);
    },
    applied(views) {
      memory?.put(views);
      waits.tell(views);
      lists.tell(views);
    },
    remember(isOn) {
      if (isOn !== (memory !== null)) memory = isOn ? newMemory() : null;
    },
    doubted(views) {
      memory?.doubt(views.map(({ cartId }) => cartId));
    },
  };
};

export const timeout = (ms: number, callback: () => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};
