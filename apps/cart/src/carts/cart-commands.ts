import type { Cart } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { Currency } from "@cartwright/contracts/currency";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import type { Catalog } from "../catalog/catalog.ts";
import type { PersonalDigest, Seal } from "../checkouts/sealing.ts";
import type { JudgeDeps } from "../quotes/judged-coupons.ts";
import { addItem } from "./add-item.ts";
import { applyCoupon } from "./apply-coupon.ts";
import { cancelCart } from "./cancel-cart.ts";
import { clearCart } from "./clear-cart.ts";
import { mergeCarts } from "./merge-carts.ts";
import { openCart } from "./open-cart.ts";
import { removeCoupon } from "./remove-coupon.ts";
import { removeItem } from "./remove-item.ts";
import { setContact } from "./set-contact.ts";
import { setQuantity } from "./set-quantity.ts";
import { undoRemoval } from "./undo-removal.ts";

/** What may be done to a cart on behalf of a caller. A cart that is not the caller's is answered as one that is not there. */
export type CartCommands = ReturnType<typeof cartCommands>;

export type CartCommandsDeps = JudgeDeps & {
  readonly handler: CommandHandler<Cart, CartEvent>;
  readonly log: Pick<EventLog, "claims">;
  readonly catalog: Pick<Catalog, "products">;
  /** Of access tokens: a guest's proves that the guest's cart may be taken over. */
  readonly verifier: Pick<TokenVerifier, "verify">;
  readonly defaultCurrency: Currency;
  readonly seal: Seal;
  readonly digest: PersonalDigest;
  readonly now: () => Date;
};

export const cartCommands = (deps: CartCommandsDeps) => ({
  open: openCart(deps),
  addItem: addItem(deps),
  setQuantity: setQuantity(deps),
  removeItem: removeItem(deps),
  clear: clearCart(deps),
  merge: mergeCarts(deps),
  cancel: cancelCart(deps),
  undo: undoRemoval(deps),
  applyCoupon: applyCoupon(deps),
  removeCoupon: removeCoupon(deps),
  setContact: setContact(deps),
});
