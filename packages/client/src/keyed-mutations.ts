import type { CartServiceRouter } from "@cartwright/cart/router";
import type { inferRouterInputs } from "@trpc/server";

type Inputs = inferRouterInputs<CartServiceRouter>;

type Takes<Input, Field extends string> = [Extract<Input, object>] extends [never]
  ? false
  : Field extends keyof Extract<Input, object>
    ? true
    : false;

/** The procedures whose input has an idempotency key: one that is missing below, or is none any more, does not compile. */
type KeyedPath = {
  [Name in keyof Inputs & string]: {
    [Procedure in keyof Inputs[Name] & string]: Takes<Inputs[Name][Procedure], "idempotencyKey"> extends true
      ? `${Name}.${Procedure}`
      : never;
  }[keyof Inputs[Name] & string];
}[keyof Inputs & string];

/** Calls that may be made again under the same key, by their paths. */
export const keyedMutations: Readonly<Record<KeyedPath, true>> = {
  "cart.open": true,
  "cart.addItem": true,
  "cart.setQuantity": true,
  "cart.removeItem": true,
  "cart.clear": true,
  "cart.merge": true,
  "cart.cancel": true,
  "cart.undo": true,
  "cart.applyCoupon": true,
  "cart.removeCoupon": true,
  "cart.setContact": true,
  "checkout.start": true,
  "checkout.confirmAction": true,
  "checkout.cancel": true,
  "order.cancel": true,
  "stock.adjust": true,
  "stock.adjustMany": true,
  "catalog.put": true,
  "catalog.retire": true,
};
