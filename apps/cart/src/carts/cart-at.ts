import { viewOf } from "@cartwright/cart-domain/view-of";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { cartModel } from "./cart-model.ts";
import type { CartQueriesDeps } from "./cart-queries.ts";
import { type ShownCart, shown } from "./shown-cart.ts";
import { recordLook } from "./support-reads.ts";

/** Either the version or the time. */
export const CartAt = z
  .strictObject({
    cartId: CartId,
    version: z.int().positive().optional(),
    time: z.date().optional(),
    reason: lineOfText(500).optional(),
  })
  .refine(({ version, time }) => (version === undefined) !== (time === undefined), "must have either version or time");
export type CartAt = z.output<typeof CartAt>;

/** The cart as it was: what its first events, or those up to a moment, made of it. */
export const cartAt =
  (deps: Pick<CartQueriesDeps, "log" | "supportReads" | "now">) =>
  async (caller: Caller, input: CartAt): Promise<Answer<ShownCart>> => {
    const { cartId, version = Number.MAX_SAFE_INTEGER, time } = input;
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const recorded = await deps.log.readStream(cartStreamId(cartId), input.version === undefined ? {} : { limit: version });
    const until = time === undefined ? recorded : recorded.filter(({ recordedAt }) => recordedAt <= time);
    const cart = until.reduce((state, event) => cartModel.evolve(state, cartModel.decode(event)), cartModel.initial);
    if (cart.status === "Absent") return { ok: false, refusal: { code: "CartNotFound", cartId } };
    const denied = access.value.denies(cart);
    if (denied) return { ok: false, refusal: denied };
    if (input.version !== undefined && recorded.length < version)
      return { ok: false, refusal: { code: "VersionNotReached", atLeast: version, actual: recorded.length } };
    await recordLook(deps, { caller, access: access.value, question: "at" }, cart);
    return { ok: true, value: shown(viewOf(cart, until.length)) };
  };
