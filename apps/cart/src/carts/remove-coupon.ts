import { removeCoupon as decideRemoveCoupon } from "@cartwright/cart-domain/remove-coupon";
import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

export const RemoveCoupon = z.strictObject({ ...commandInput, code: CouponCode });
export type RemoveCoupon = z.output<typeof RemoveCoupon>;

export const removeCoupon = existingCartCommand<InputOf<typeof RemoveCoupon>>("removeCoupon", decideRemoveCoupon);
