import { router } from "./context.ts";
import { authGuest } from "./procedures/auth-guest.ts";
import { authRefresh } from "./procedures/auth-refresh.ts";
import { authServiceToken } from "./procedures/auth-service-token.ts";
import { authSignIn } from "./procedures/auth-sign-in.ts";
import { authSignOut } from "./procedures/auth-sign-out.ts";
import { cartAddItem } from "./procedures/cart-add-item.ts";
import { cartAt } from "./procedures/cart-at.ts";
import { cartCancel } from "./procedures/cart-cancel.ts";
import { cartClear } from "./procedures/cart-clear.ts";
import { cartCurrent } from "./procedures/cart-current.ts";
import { cartHistory } from "./procedures/cart-history.ts";
import { cartList } from "./procedures/cart-list.ts";
import { cartLive } from "./procedures/cart-live.ts";
import { cartMerge } from "./procedures/cart-merge.ts";
import { cartOpen } from "./procedures/cart-open.ts";
import { cartRemoveItem } from "./procedures/cart-remove-item.ts";
import { cartSetQuantity } from "./procedures/cart-set-quantity.ts";
import { cartUndo } from "./procedures/cart-undo.ts";
import { cartView } from "./procedures/cart-view.ts";
import { catalogGet } from "./procedures/catalog-get.ts";
import { catalogList } from "./procedures/catalog-list.ts";
import { catalogPut } from "./procedures/catalog-put.ts";
import { catalogPutMany } from "./procedures/catalog-put-many.ts";
import { catalogRetire } from "./procedures/catalog-retire.ts";
import { checkoutCancel } from "./procedures/checkout-cancel.ts";
import { checkoutConfirmAction } from "./procedures/checkout-confirm-action.ts";
import { checkoutLive } from "./procedures/checkout-live.ts";
import { checkoutStart } from "./procedures/checkout-start.ts";
import { checkoutStatus } from "./procedures/checkout-status.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { orderCancel } from "./procedures/order-cancel.ts";
import { orderGet } from "./procedures/order-get.ts";
import { orderList } from "./procedures/order-list.ts";
import { orderLive } from "./procedures/order-live.ts";

/** Everything that the service does, over tRPC; one file each. */
export const cartServiceRouter = router({
  auth: router({
    guest: authGuest,
    signIn: authSignIn,
    refresh: authRefresh,
    signOut: authSignOut,
    serviceToken: authServiceToken,
  }),
  catalog: router({
    list: catalogList,
    get: catalogGet,
    put: catalogPut,
    putMany: catalogPutMany,
    retire: catalogRetire,
  }),
  cart: router({
    open: cartOpen,
    addItem: cartAddItem,
    setQuantity: cartSetQuantity,
    removeItem: cartRemoveItem,
    clear: cartClear,
    merge: cartMerge,
    cancel: cartCancel,
    undo: cartUndo,
    view: cartView,
    current: cartCurrent,
    list: cartList,
    at: cartAt,
    history: cartHistory,
    live: cartLive,
  }),
  checkout: router({
    start: checkoutStart,
    status: checkoutStatus,
    live: checkoutLive,
    confirmAction: checkoutConfirmAction,
    cancel: checkoutCancel,
  }),
  order: router({
    get: orderGet,
    list: orderList,
    cancel: orderCancel,
    live: orderLive,
  }),
  log: router({
    heads: logHeads,
    read: logRead,
  }),
});
export type CartServiceRouter = typeof cartServiceRouter;
