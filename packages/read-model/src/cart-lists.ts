import type { CartView } from "@cartwright/contracts/cart-view";
import type { SubjectId } from "@cartwright/contracts/ids";
import type { CartListPage, CartListRead, CartListRequest, CartViewReader } from "./cart-views.ts";
import { ListsNotReady } from "./lists-not-ready.ts";

export type CartListsOptions = {
  readonly read: CartViewReader["list"];
  /** The page as the log has it now; null where nothing tells which carts a subject has. */
  readonly fromLog?: ((subject: SubjectId, request: CartListRequest) => Promise<CartListPage | null>) | undefined;
  /** Told of a store that can't be read while there is the log to answer from. */
  readonly onAway: (error: unknown) => void;
  /** How long the projection is waited for before the log is folded. */
  readonly waitMs: number;
  readonly after: (ms: number, callback: () => void) => () => void;
};

export type CartLists = {
  /** See `CartViews.listBySubject`. */
  page(subject: SubjectId, request: CartListRequest): Promise<CartListPage>;
  /** Who waits for one of these looks at once. */
  tell(views: readonly CartView[]): void;
};

const firstPauseMs = 5;
const longestPauseMs = 100;

/** A list is whole, or it is not answered: from the store where that has all of it in time, else from the log. */
export const cartLists = ({ read, fromLog, onAway, waitMs, after }: CartListsOptions): CartLists => {
  const waits = new Set<Wait>();

  const readOrAway = async (subject: SubjectId, request: CartListRequest): Promise<CartListRead | "away"> => {
    if (!fromLog) return await read(subject, request);
    try {
      return await read(subject, request);
    } catch (error) {
      onAway(error);
      return "away";
    }
  };
  const pause = async (ms: number, { atLeast }: CartListRequest) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait: Wait = { cartId: atLeast?.cartId, wake: resolve };
    waits.add(wait);
    const cancel = after(ms, resolve);
    await promise;
    cancel();
    waits.delete(wait);
  };

  return {
    async page(subject, request) {
      let isLate = false;
      const cancel = after(waitMs, () => {
        isLate = true;
        for (const { wake } of waits) wake();
      });
      try {
        for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
          const found = await readOrAway(subject, request);
          if (typeof found === "object") return found;
          // A projection that is only behind is there in a moment; one that is being filled may take hours.
          const folded = found !== "behind" || isLate ? await fromLog?.(subject, request) : null;
          if (folded) return folded;
          if (isLate) throw new ListsNotReady();
          await pause(pauseMs, request);
        }
      } finally {
        cancel();
      }
    },
    tell(views) {
      if (waits.size === 0) return;
      const told = new Set<unknown>(views.map(({ cartId }) => cartId));
      for (const { cartId, wake } of waits) if (told.has(cartId)) wake();
    },
  };
};

type Wait = { readonly cartId: unknown; readonly wake: () => void };
