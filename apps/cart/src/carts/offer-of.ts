import type { ProductSnapshot } from "@cartwright/contracts/cart-shapes";
import type { Currency } from "@cartwright/contracts/currency";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Listing } from "../catalog/listing.ts";

/** A product as it goes into a cart: what it is called there, and what one piece costs. */
export type Offer = { readonly product: ProductSnapshot; readonly unitPrice: Money };

export type OfferRefusal = RefusalOf<"ProductNotFound" | "ProductRetired" | "CurrencyNotOffered" | "PriceChanged">;

export type Asked = {
  readonly productId: ProductId;
  readonly currency: Currency;
  /** In minor units. A shopper's is what the shopper saw; a back end's is what it shall cost. */
  readonly price?: number | undefined;
  readonly productName?: string | undefined;
  readonly mayPrice: boolean;
  readonly listing: Listing;
};

/** What the catalogue offers, or what a back end that prices for itself brings, also where the catalogue has nothing. */
export const offerOf = (asked: Asked): { ok: true; value: Offer } | { ok: false; refusal: OfferRefusal } => {
  const { productId, currency, price, mayPrice, listing } = asked;
  const no = (refusal: OfferRefusal) => ({ ok: false as const, refusal });
  const product = snapshotOf(asked);
  if (!product) return no({ code: "ProductNotFound", productId });
  if (mayPrice && price !== undefined) return { ok: true, value: { product, unitPrice: { amountMinor: price, currency } } };
  if (listing.status === "absent") return no({ code: "ProductNotFound", productId });
  if (listing.status === "retired") return no({ code: "ProductRetired", productId });

  const { prices } = listing.product;
  const list = prices.find((offered) => offered.currency === currency);
  if (!list) return no({ code: "CurrencyNotOffered", productId, currency, offered: prices.map((offered) => offered.currency) });
  if (price !== undefined && price !== list.amountMinor)
    return no({ code: "PriceChanged", productId, seen: { amountMinor: price, currency }, list });
  return { ok: true, value: { product, unitPrice: list } };
};

const snapshotOf = ({ listing, productName, mayPrice }: Asked): ProductSnapshot | null => {
  const own = mayPrice ? productName : undefined;
  if (listing.status === "absent") return own === undefined ? null : { name: own, category: null, image: null };
  const { name, category, image } = listing.product;
  return { name: own ?? name, category, image };
};
