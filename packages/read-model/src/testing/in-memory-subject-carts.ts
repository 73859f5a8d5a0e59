import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { listedAfter, placeOf } from "../cart-list-page.ts";
import type { SubjectCarts } from "../subject-carts.ts";

/** For tests: an index of the carts that it was told of; as far as is asked for, unless it is told that it is not. */
export const inMemorySubjectCarts = () => {
  const carts = new Map<CartId, CartView>();
  let isBehind = false;
  return {
    add(views: readonly CartView[]) {
      for (const view of views) if ((carts.get(view.cartId)?.version ?? 0) < view.version) carts.set(view.cartId, view);
    },
    behind(isIt: boolean) {
      isBehind = isIt;
    },
    async page(subject, { by = "openedAt", after, limit, reached }) {
      if (reached && isBehind) return null;
      const its = [...carts.values()].filter(({ owner }) => owner === subject);
      return listedAfter(its, by, after)
        .slice(0, limit)
        .flatMap((view) => placeOf(view, by) ?? []);
    },
  } satisfies SubjectCarts & Record<string, unknown>;
};
