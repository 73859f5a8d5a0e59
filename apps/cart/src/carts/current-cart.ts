import type { CartView } from "@cartwright/contracts/cart-view";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import { currentCartClaim } from "./cart-model.ts";
import type { CartQueriesDeps } from "./cart-queries.ts";
import { type ShownCartNow, shownNow } from "./shown-cart.ts";
import { fromLog } from "./view-cart.ts";

export const CurrentCart = z.strictObject({ userId: SubjectId.optional() });
export type CurrentCart = z.output<typeof CurrentCart>;

const isCurrent = ({ status }: CartView) => status === "Open" || status === "CheckingOut";

/** The subject's current cart, from whichever device it was opened, or null. It reads the log: a cart is found once it is opened. */
export const currentCart =
  (deps: Pick<CartQueriesDeps, "handler" | "log" | "catalog">) =>
  async (caller: Caller, input: CurrentCart): Promise<Answer<ShownCartNow | null>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const key = currentCartClaim(access.value.owner);
    const holder = (await deps.log.claims([key])).get(key)?.holder;
    if (!holder) return { ok: true, value: null };
    const view = await fromLog(deps, CartId.parse(holder));
    // It may have been closed between the two reads.
    return { ok: true, value: view && isCurrent(view) ? await shownNow(deps.catalog, view) : null };
  };
