import type { Instant } from "@cartwright/contracts/instant";
import type {
  CouponCode,
  CouponData,
  ShippingMethodData,
  ShippingMethodId,
  TaxRateData,
  TaxRateId,
} from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { couponStreamId, type ShopEvent, shippingMethodStreamId, shopEvents, taxRateStreamId } from "@cartwright/contracts/shop-events";
import { unreachable } from "@cartwright/decider/unreachable";
import type { StreamModel } from "@cartwright/event-log/command-handler";

/** What a shop keeps by putting it whole and retiring it, each on a stream of its own. */
export type Kinds = {
  coupon: { id: CouponCode; data: CouponData };
  shippingMethod: { id: ShippingMethodId; data: ShippingMethodData };
  taxRate: { id: TaxRateId; data: TaxRateData };
};
export type Kind = keyof Kinds;

type KindRules<Id, Data> = {
  readonly streamId: (id: Id) => string;
  readonly put: (id: Id, data: Data, putAt: Instant) => ShopEvent;
  readonly retire: (id: Id, retiredAt: Instant) => ShopEvent;
  readonly notFound: (id: Id) => RefusalOf<"CouponNotFound" | "ShippingMethodNotFound" | "TaxRateNotFound">;
};

export const kinds: { readonly [K in Kind]: KindRules<Kinds[K]["id"], Kinds[K]["data"]> } = {
  coupon: {
    streamId: couponStreamId,
    put: (code, data, putAt) => ({ type: "CouponPut", data: { code, ...data, putAt } }),
    retire: (code, retiredAt) => ({ type: "CouponRetired", data: { code, retiredAt } }),
    notFound: (coupon) => ({ code: "CouponNotFound", coupon }),
  },
  shippingMethod: {
    streamId: shippingMethodStreamId,
    put: (shippingMethodId, data, putAt) => ({ type: "ShippingMethodPut", data: { shippingMethodId, ...data, putAt } }),
    retire: (shippingMethodId, retiredAt) => ({ type: "ShippingMethodRetired", data: { shippingMethodId, retiredAt } }),
    notFound: (shippingMethodId) => ({ code: "ShippingMethodNotFound", shippingMethodId }),
  },
  taxRate: {
    streamId: taxRateStreamId,
    put: (taxRateId, data, putAt) => ({ type: "TaxRatePut", data: { taxRateId, ...data, putAt } }),
    retire: (taxRateId, retiredAt) => ({ type: "TaxRateRetired", data: { taxRateId, retiredAt } }),
    notFound: (taxRateId) => ({ code: "TaxRateNotFound", taxRateId }),
  },
};

/** What an event says of something kept: its whole data, or null where it is retired. */
export type KeptChange = { [K in Kind]: { kind: K; id: Kinds[K]["id"]; data: Kinds[K]["data"] | null } }[Kind];

/** Null of what is not kept in this way. */
export const keptChangeOf = ({ type, data }: ShopEvent): KeptChange | null => {
  switch (type) {
    case "CouponPut": {
      const { code, putAt: _, ...terms } = data;
      return { kind: "coupon", id: code, data: terms };
    }
    case "CouponRetired":
      return { kind: "coupon", id: data.code, data: null };
    case "ShippingMethodPut": {
      const { shippingMethodId, putAt: _, ...method } = data;
      return { kind: "shippingMethod", id: shippingMethodId, data: method };
    }
    case "ShippingMethodRetired":
      return { kind: "shippingMethod", id: data.shippingMethodId, data: null };
    case "TaxRatePut": {
      const { taxRateId, putAt: _, ...rate } = data;
      return { kind: "taxRate", id: taxRateId, data: rate };
    }
    case "TaxRateRetired":
      return { kind: "taxRate", id: data.taxRateId, data: null };
    case "StockAdjusted":
      return null;
    default:
      return unreachable(type);
  }
};

export type Kept = { readonly data: KeptChange["data"]; readonly isRetired: boolean };

/** How the stream of a coupon, a shipping method or a tax rate is folded and written; null before the first event. */
export const keptModel: StreamModel<Kept | null, ShopEvent> = {
  initial: null,
  evolve: (kept, event) => {
    const change = keptChangeOf(event);
    if (!change) throw new Error(`${event.type} happened to something that is put and retired`);
    return change.data ? { data: change.data, isRetired: false } : { data: kept?.data ?? null, isRetired: true };
  },
  encode: shopEvents.encode,
  decode: shopEvents.decode,
};
