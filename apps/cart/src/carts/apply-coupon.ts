import { applyCoupon as decideApplyCoupon } from "@cartwright/cart-domain/apply-coupon";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { type JudgeDeps, judgedCoupons } from "../quotes/judged-coupons.ts";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { commandInput, type InputOf } from "./command-input.ts";
import { type CartReply, type RunDeps, replyOf, runCommand } from "./run-command.ts";

export const ApplyCoupon = z.strictObject({ ...commandInput, code: CouponCode });
export type ApplyCoupon = z.output<typeof ApplyCoupon>;

/** Puts a coupon on the cart, if it holds for what is in it and any use of it is left. */
export const applyCoupon =
  (deps: RunDeps & JudgeDeps) =>
  async (caller: Caller, input: InputOf<typeof ApplyCoupon>): Promise<Answer<CartReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId, code } = input;
    const { state } = await deps.handler.load(cartStreamId(cartId));
    const isMine = state.status !== "Absent" && !access.value.denies(state);
    const coupon = (isMine ? (await judgedCoupons(deps, { codes: [code], cart: state })).get(code) : null) ?? null;
    const outcome = await runCommand(deps, {
      ...{ name: "applyCoupon", caller, access: access.value, input },
      decide: (cart, now) => decideApplyCoupon({ cartId, code, coupon, now }, cart),
    });
    return replyOf(outcome, input);
  };
