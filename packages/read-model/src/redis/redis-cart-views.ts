import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { cartListPage } from "../cart-list-page.ts";
import type { CartViewReader } from "../cart-views.ts";
import { type CartViewsBesideWriter, type CartViewsOptions, cartViewsOver, timeout } from "../cart-views-over.ts";
import { foldCartView } from "../fold-cart-view.ts";
import { type ListsFromLogDeps, listFromLog } from "../lists-from-log.ts";
import { readTogether } from "../read-together.ts";
import type { RedisCartViewReader } from "./redis-cart-view-reader.ts";
import type { FillLists } from "./redis-list-filling.ts";

export type RedisCartViewsOptions = Pick<CartViewsOptions, "after" | "listWaitMs" | "onAway"> &
  ListsFromLogDeps & { readonly reader: RedisCartViewReader; readonly fill: FillLists };

export type RedisCartViews = CartViewsBesideWriter & {
  /** For health: what is slower now, if anything is. Nothing of it keeps an answer back. */
  check(): Promise<{ readonly ok: true; readonly detail: string }>;
};

/**
 * Views in Redis, where nothing is kept that could not be lost. A view that is not there is answered by whoever asks from the
 * log, as with every store; a list that is missing is filled by whoever asks; one that is not known to be whole is made from the
 * subject index and the log.
 */
export const redisCartViews = ({ reader, fill, streams, subjectCarts, ...options }: RedisCartViewsOptions): RedisCartViews => {
  const list: CartViewReader["list"] = async (subject, request) => {
    let cartIds = await reader.list(subject, request);
    if (cartIds === "missing" && (await fill(subject))) cartIds = await reader.list(subject, request);
    if (cartIds === "missing") return "filling";
    if (typeof cartIds === "string") return cartIds;
    const there = await reader.getMany(cartIds, request.atLeast);
    const views = await Promise.all(cartIds.map(async (cartId) => there.get(cartId) ?? (await foldCartView(streams, cartId))));
    const page = cartListPage(views.filter(isThere), request);
    // Between the list and the views a cart may have got another status.
    return { ...page, views: page.views.filter((view) => request.status === undefined || view.status === request.status) };
  };
  return {
    ...cartViewsOver(
      { getMany: readTogether((cartIds: readonly CartId[]) => reader.getMany(cartIds)), list },
      { ...options, fromLog: (subject, request) => listFromLog({ streams, subjectCarts }, subject, request) },
    ),
    check: () => checked(reader, options.after ?? timeout),
  };
};

/** Bounded by itself: what is slower by a fault of Redis is no reason to send nobody here. */
const checked = async (reader: RedisCartViewReader, after: NonNullable<CartViewsOptions["after"]>): ReturnType<RedisCartViews["check"]> => {
  const late = Promise.withResolvers<"late">();
  const cancel = after(checkLimitMs, () => late.resolve("late"));
  try {
    const found = await Promise.race([reader.readiness(), late.promise]);
    if (found === "late") return answeredFromLog(`Redis does not answer within ${checkLimitMs} ms`);
    const { version, notReady } = found;
    if (version === null) return answeredFromLog("Redis has no views yet");
    return { ok: true, detail: notReady.length === 0 ? `version ${version}` : filling(version, notReady) };
  } catch (error) {
    return answeredFromLog(`Redis is away (${error instanceof Error ? error.message : String(error)})`);
  } finally {
    cancel();
  }
};

const checkLimitMs = 500;

const answeredFromLog = (reason: string) => ({ ok: true, detail: `${reason}: carts are folded from the log` }) as const;

const filling = (version: number, shards: readonly number[]) => `version ${version}; still being filled: shards ${shards.join(", ")}`;

const isThere = (view: CartView | null): view is CartView => view !== null;
