import * as z from "zod";
import { ProductId } from "./ids.ts";
import { Money } from "./money.ts";
import { CouponCode, CouponProblem } from "./pricing-shapes.ts";

/** What a shopper is told beside the answer: nothing was refused, but something is not as it was. */
export const Notice = z.discriminatedUnion("code", [
  /** The line had been added at `from` and stands at `to` now. */
  z.strictObject({ code: z.literal("PriceChanged"), productId: ProductId, from: Money, to: Money }),
  /** The product is in the cart and is no longer sold. */
  z.strictObject({ code: z.literal("ProductRetired"), productId: ProductId }),
  /** The coupon held no longer and was taken off. */
  z.strictObject({ code: z.literal("CouponRemoved"), coupon: CouponCode, problem: CouponProblem }),
  /** The guest's cart had this coupon, and the user's takes no more. */
  z.strictObject({ code: z.literal("CouponLeftBehind"), coupon: CouponCode, max: z.int() }),
]);
export type Notice = z.infer<typeof Notice>;
