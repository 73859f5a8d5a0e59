import { viewOf } from "@cartwright/cart-domain/view-of";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import { CartId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { type Access, accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import type { CartQueriesDeps } from "./cart-queries.ts";
import { type ShownCartNow, shownNow } from "./shown-cart.ts";
import { recordLook } from "./support-reads.ts";

export const ViewCart = z.strictObject({
  cartId: CartId,
  /** At least what the client knows of already, such as the version that its last command answered. */
  atLeastVersion: z.int().positive().optional(),
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type ViewCart = z.output<typeof ViewCart>;

export type ViewCartDeps = Pick<CartQueriesDeps, "handler" | "views" | "catalog" | "supportReads" | "viewWaitMs" | "onViewsAway" | "now">;

/** The cart as the read model has it, a moment behind; where that is not enough, as the log has it. */
export const viewCart =
  (deps: ViewCartDeps) =>
  async (caller: Caller, input: ViewCart): Promise<Answer<ShownCartNow>> => {
    const { cartId, atLeastVersion = 1 } = input;
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { denies } = access.value;
    const view = (await fromReadModel(deps, input, denies)) ?? (await fromLog(deps, cartId));
    if (!view) return { ok: false, refusal: { code: "CartNotFound", cartId } };
    const denied = denies(view);
    if (denied) return { ok: false, refusal: denied };
    if (view.version < atLeastVersion)
      return { ok: false, refusal: { code: "VersionNotReached", atLeast: atLeastVersion, actual: view.version } };
    await recordLook(deps, { caller, access: access.value, question: "view" }, view);
    return { ok: true, value: await shownNow(deps.catalog, view) };
  };

const fromReadModel = async (
  { views, viewWaitMs, onViewsAway }: ViewCartDeps,
  { cartId, atLeastVersion = 1 }: ViewCart,
  denies: Access["denies"],
): Promise<CartView | null> => {
  try {
    const view = await views.get(cartId);
    // Waiting for a foreign cart would tell that it is there.
    if (!view || view.version >= atLeastVersion || denies(view)) return view;
    return await views.waitForVersion(cartId, atLeastVersion, { timeoutMs: viewWaitMs });
  } catch (error) {
    onViewsAway(error);
    return null;
  }
};

/** As this moment's log has it; null where no event is. */
export const fromLog = async ({ handler }: Pick<ViewCartDeps, "handler">, cartId: CartId): Promise<CartView | null> => {
  const { state, version } = await handler.load(cartStreamId(cartId));
  return state.status === "Absent" ? null : viewOf(state, version);
};
