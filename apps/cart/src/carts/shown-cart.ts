import type { CartView } from "@cartwright/contracts/cart-view";
import type { CheckoutView } from "@cartwright/contracts/checkout-shapes";
import type { Notice } from "@cartwright/contracts/notices";
import { sameMoney } from "@cartwright/contracts/same-money";
import type { Catalog } from "../catalog/catalog.ts";

/** A cart as it is answered. */
export type ShownCart = Omit<CartView, "checkout" | "openedAt" | "updatedAt"> & {
  readonly checkout: ShownCheckout | null;
  readonly openedAt: Date;
  readonly updatedAt: Date;
};

/** A checkout as it is answered. */
export type ShownCheckout = Omit<CheckoutView, "deadline" | "startedAt"> & { readonly deadline: Date; readonly startedAt: Date };

/** A cart as it is now, and what has changed in the shop since its lines were added. */
export type ShownCartNow = ShownCart & { readonly notices: readonly Notice[] };

export const shownCheckout = ({ deadline, startedAt, ...view }: CheckoutView): ShownCheckout => ({
  ...view,
  deadline: new Date(deadline),
  startedAt: new Date(startedAt),
});

export const shown = ({ checkout, openedAt, updatedAt, ...view }: CartView): ShownCart => ({
  ...view,
  checkout: checkout && shownCheckout(checkout),
  openedAt: new Date(openedAt),
  updatedAt: new Date(updatedAt),
});

/** Tells of prices and products that are no longer what the lines say: nothing is changed silently. */
export const shownNow = async (catalog: Pick<Catalog, "products">, view: CartView): Promise<ShownCartNow> => {
  const notices = view.status === "Open" ? await noticesFor(catalog, view) : [];
  return { ...shown(view), notices };
};

const noticesFor = async (catalog: Pick<Catalog, "products">, { items }: CartView): Promise<readonly Notice[]> => {
  if (items.length === 0) return [];
  const products = await catalog.products(items.map(({ productId }) => productId));
  return items.flatMap(({ productId, unitPrice }): readonly Notice[] => {
    const listing = products.get(productId)?.listing;
    // What a back end brought itself, the catalogue knows nothing of.
    if (!listing || listing.status === "absent") return [];
    if (listing.status === "retired") return [{ code: "ProductRetired", productId }];
    const list = listing.product.prices.find(({ currency }) => currency === unitPrice.currency);
    return list && !sameMoney(list, unitPrice) ? [{ code: "PriceChanged", productId, from: unitPrice, to: list }] : [];
  });
};
