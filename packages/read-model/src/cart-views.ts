import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";

/**
 * Carts as they are shown, a moment behind the log. The log is the truth: a view that is missing says nothing about its cart, and
 * whoever needs an answer then folds the log. Every call throws when the store is away.
 */
export type CartViews = {
  /** Null where there is no view, or none yet. */
  get(cartId: CartId): Promise<CartView | null>;
  /** The views that are there. */
  getMany(cartIds: readonly CartId[]): Promise<ReadonlyMap<CartId, CartView>>;
  /**
   * A subject's carts, the newest first. A page never repeats nor leaves out a cart that was there when the first one was read.
   * @throws {ListsNotReady} when it is not known within a moment that these are all.
   */
  listBySubject(subject: SubjectId, request: CartListRequest): Promise<CartListPage>;
  /**
   * The view as soon as it is at `version` or beyond.
   * @returns null when that is not so within `timeoutMs`, or when the signal aborts.
   */
  waitForVersion(cartId: CartId, version: number, within: { timeoutMs: number; signal?: AbortSignal }): Promise<CartView | null>;
};

export type CartListRequest = {
  status?: CartStatus;
  /** By what they are sorted: when they were opened, unless said. By when they were ordered, only those are listed that were. */
  by?: CartListOrder;
  /** The `next` of the page before; without it the first page. */
  after?: CartListPlace;
  limit: number;
  /** What has been written to a cart is in the list. */
  atLeast?: CartWritten;
};

/** What a command on a cart answered: where in its shard of the log its last event is. */
export type CartWritten = { readonly cartId: CartId; readonly position: bigint };

export type CartListPage = {
  views: readonly CartView[];
  /** Null on the last page. */
  next: CartListPlace | null;
};

export type CartListOrder = "openedAt" | "placedAt";

/** A cart's place in its owner's list, by the time that the list is sorted by. It never changes. */
export type CartListPlace = { at: Instant; cartId: CartId };

/** What a store has to answer; waiting, remembering and the way to the log are the same for all: see `cartViewsOver`. */
export type CartViewReader = Pick<CartViews, "getMany"> & {
  list(subject: SubjectId, request: CartListRequest): Promise<CartListRead>;
};

/** A page that is whole, or why none can be given: the projection is still being filled, or is not yet where the request wants it. */
export type CartListRead = CartListPage | "filling" | "behind";
