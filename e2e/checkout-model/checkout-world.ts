import { type CartwrightClient, createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import type { CartId, CheckoutId, IdempotencyKey } from "@cartwright/contracts/ids";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { CouponCode, StockId } from "@cartwright/contracts/pricing-shapes";
import type { Sql } from "postgres";
import type { agreed } from "../agreed.ts";
import type { Promised } from "../checkout-oracle.ts";
import type { KillableSystem } from "../killable-system.ts";

export type Shopper = {
  readonly client: CartwrightClient;
  cartId: CartId;
  /** Until then: each does one thing after another. What they do meets what the others do, and what the services do meanwhile. */
  busy: Promise<unknown>;
  lastPaid?: Awaited<ReturnType<typeof agreed>> & { readonly paymentToken: PaymentToken; readonly idempotencyKey: IdempotencyKey };
  checkoutId?: CheckoutId;
};

/** One shop with some shoppers, who share a product's stock and a coupon. */
export type CheckoutWorld = Disposable & {
  readonly system: KillableSystem;
  readonly sql: Sql;
  readonly shop: CartwrightClient;
  readonly shoppers: readonly Shopper[];
  readonly productId: ReturnType<typeof productIdOf>;
  readonly coupon: CouponCode;
  /** What was acknowledged, and what it must come to. */
  readonly promised: Promised & { readonly cartIds: CartId[]; readonly checkoutIds: Set<CheckoutId> };
};

export type OpenWorldOptions = { readonly system: KillableSystem; readonly sql: Sql; readonly name: string; readonly shoppers: number };

/** No sockets: whoever asks again after a kill asks anew. */
const WebSocket = null;

export const openCheckoutWorld = async ({ system, sql, name, shoppers }: OpenWorldOptions): Promise<CheckoutWorld> => {
  const shop = createCartwrightClient({ url: system.url, getToken: system.operator, WebSocket });
  const [productId, stockId, coupon] = [productIdOf(`piece-${name}`), StockId.parse(`stock-${name}`), CouponCode.parse(`C-${name}`)];
  const promised = { stockId, pieces: 5, coupon, maxUses: 2, cartIds: [] as CartId[], checkoutIds: new Set<CheckoutId>() };
  await shop.catalog.put.mutate({ productId, name: "Piece", prices: [{ amountMinor: 2_000, currency: "EUR" }], stockId });
  await shop.stock.set.mutate({ stocks: [{ stockId, onHand: promised.pieces }] });
  await shop.coupon.put.mutate({ code: coupon, discount: { kind: "percentage", ratePpm: 500_000 }, maxUses: promised.maxUses });

  const come = async (): Promise<Shopper> => {
    const client = createCartwrightClient({ url: system.url, token: await system.guest(), WebSocket });
    const cartId = newCartId();
    promised.cartIds.push(cartId);
    await client.cart.addItem.mutate({ cartId, productId, quantity: 1 });
    return { client, cartId, busy: Promise.resolve() };
  };
  const people = await Promise.all(Array.from({ length: shoppers }, come));
  return {
    ...{ system, sql, shop, shoppers: people, productId, coupon, promised },
    [Symbol.dispose]() {
      for (const client of [shop, ...people.map((shopper) => shopper.client)]) client.close();
    },
  };
};

/** Everybody has an answer, or has given up. */
export const everybodyIsDone = ({ shoppers }: CheckoutWorld): Promise<unknown> => Promise.all(shoppers.map(({ busy }) => busy));
