import type { Currency } from "@cartwright/contracts/currency";
import type { CartId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { AccountApi } from "./shop-api.ts";

/** A guest's cart that has something in it. */
export type GuestCart = { readonly cartId: CartId; readonly token: string; readonly currency: Currency };

export type TakenAlong = {
  /** With which the account goes on; null where it has no cart yet. */
  readonly cartId: CartId | null;
  readonly notices: readonly Notice[];
  /** Why the guest's cart stays where it is. */
  readonly refusal: Refusal | null;
};

/** Finds the account's cart and puts what the guest had into it. What cannot be taken along is not lost: it stays the guest's. */
export const takeAlong = async (account: AccountApi, guest: GuestCart | null): Promise<TakenAlong> => {
  let refusal: Refusal | null = null;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const cartId = (await account.current())?.cartId ?? null;
    if (guest === null) return { cartId, notices: [], refusal: null };
    const target = cartId === null ? await account.open(guest.currency) : { ok: true as const, value: { cartId } };
    // Opened meanwhile on another device, in another currency: it is found in the next round.
    if (!target.ok) refusal = target.refusal;
    else {
      const merged = await account.merge({ cartId: target.value.cartId, guestCartId: guest.cartId, guestToken: guest.token });
      if (merged.ok) return { cartId: target.value.cartId, notices: merged.value.notices, refusal: null };
      refusal = merged.refusal;
      if (refusal.code !== "CartClosed") return { cartId: target.value.cartId, notices: [], refusal };
      // Another window has taken it along already.
      if (refusal.cartId === guest.cartId) return { cartId: target.value.cartId, notices: [], refusal: null };
    }
  }
  return { cartId: null, notices: [], refusal };
};

/** The account's cart may be closed while we look at it, which does not happen over and over. */
const MOST_ATTEMPTS = 3;
