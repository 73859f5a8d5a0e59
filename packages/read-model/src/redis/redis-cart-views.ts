import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { cartListPage } from "../cart-list-page.ts";
import type { CartListRequest } from "../cart-views.ts";
import { type CartViewsBesideWriter, type CartViewsOptions, cartViewsOver } from "../cart-views-over.ts";
import { foldCartView } from "../fold-cart-view.ts";
import { type ListsFromLogDeps, listFromLog } from "../lists-from-log.ts";
import type { RedisCartViewReader } from "./redis-cart-view-reader.ts";

export type RedisCartViewsOptions = Pick<CartViewsOptions, "after"> &
  ListsFromLogDeps & {
    readonly reader: RedisCartViewReader;
    /** Told of a Redis that can't be read while a list was asked for. */
    readonly onAway?: (error: unknown) => void;
  };

export type RedisCartViews = CartViewsBesideWriter & {
  /** For health: what is slower now, if anything is. Nothing of it keeps an answer back. */
  check(): Promise<{ readonly ok: true; readonly detail: string }>;
};

/**
 * Views in Redis, where nothing is kept that could not be lost. A view that is not there is answered by whoever asks from the
 * log, as with every store; a list that is not known to be whole is made from the subject index and the log.
 */
export const redisCartViews = ({ reader, streams, subjectCarts, onAway = () => {}, ...options }: RedisCartViewsOptions): RedisCartViews => {
  const listed = async (subject: SubjectId, request: CartListRequest): Promise<readonly CartId[] | null> => {
    try {
      return await reader.list(subject, request);
    } catch (error) {
      onAway(error);
      return null;
    }
  };
  const viewsOf = async (cartIds: readonly CartId[]): Promise<readonly CartView[]> => {
    const there = await reader.getMany(cartIds).catch((error: unknown) => {
      onAway(error);
      return new Map<CartId, CartView>();
    });
    const views = await Promise.all(cartIds.map(async (cartId) => there.get(cartId) ?? (await foldCartView(streams, cartId))));
    return views.filter((view) => view !== null);
  };
  return {
    ...cartViewsOver(
      {
        getMany: reader.getMany,
        async listBySubject(subject, request) {
          const cartIds = await listed(subject, request);
          if (!cartIds) return listFromLog({ streams, subjectCarts }, subject, request);
          const views = await viewsOf(cartIds);
          const page = cartListPage(views, request);
          // Between the list and the views a cart may have got another status.
          return { ...page, views: page.views.filter((view) => request.status === undefined || view.status === request.status) };
        },
      },
      options,
    ),
    async check() {
      const { version, notReady } = await reader.readiness().catch((error: Error) => ({ version: null, notReady: [], error }));
      if (version === null) return { ok: true, detail: "no views in Redis: carts are folded from the log" };
      const detail = notReady.length === 0 ? `version ${version}` : `version ${version}; still being filled: shards ${notReady.join(", ")}`;
      return { ok: true, detail };
    },
  };
};
