import { parkedRouter } from "@cartwright/service-kit/parked-procedures";
import { router } from "./context.ts";
import { authGuest } from "./procedures/auth-guest.ts";
import { authRefresh } from "./procedures/auth-refresh.ts";
import { authServiceToken } from "./procedures/auth-service-token.ts";
import { authSignIn } from "./procedures/auth-sign-in.ts";
import { authSignOut } from "./procedures/auth-sign-out.ts";
import { cartAddItem } from "./procedures/cart-add-item.ts";
import { cartApplyCoupon } from "./procedures/cart-apply-coupon.ts";
import { cartAt } from "./procedures/cart-at.ts";
import { cartCancel } from "./procedures/cart-cancel.ts";
import { cartClear } from "./procedures/cart-clear.ts";
import { cartCurrent } from "./procedures/cart-current.ts";
import { cartExplain } from "./procedures/cart-explain.ts";
import { cartHistory } from "./procedures/cart-history.ts";
import { cartList } from "./procedures/cart-list.ts";
import { cartLive } from "./procedures/cart-live.ts";
import { cartMerge } from "./procedures/cart-merge.ts";
import { cartOpen } from "./procedures/cart-open.ts";
import { cartQuote } from "./procedures/cart-quote.ts";
import { cartRemoveCoupon } from "./procedures/cart-remove-coupon.ts";
import { cartRemoveItem } from "./procedures/cart-remove-item.ts";
import { cartSetContact } from "./procedures/cart-set-contact.ts";
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
import { couponList } from "./procedures/coupon-list.ts";
import { couponPut, couponPutMany } from "./procedures/coupon-put.ts";
import { couponRetire } from "./procedures/coupon-retire.ts";
import { logHeads } from "./procedures/log-heads.ts";
import { logRead } from "./procedures/log-read.ts";
import { logStream } from "./procedures/log-stream.ts";
import { orderCancel } from "./procedures/order-cancel.ts";
import { orderGet } from "./procedures/order-get.ts";
import { orderList } from "./procedures/order-list.ts";
import { orderLive } from "./procedures/order-live.ts";
import { privacyExport } from "./procedures/privacy-export.ts";
import { privacyFind } from "./procedures/privacy-find.ts";
import { privacyForget } from "./procedures/privacy-forget.ts";
import { privacyOpen } from "./procedures/privacy-open.ts";
import { shippingMethodList } from "./procedures/shipping-method-list.ts";
import { shippingMethodPut, shippingMethodPutMany } from "./procedures/shipping-method-put.ts";
import { shippingMethodRetire } from "./procedures/shipping-method-retire.ts";
import { stockAdjust, stockAdjustMany } from "./procedures/stock-adjust.ts";
import { stockGet } from "./procedures/stock-get.ts";
import { stockSet } from "./procedures/stock-set.ts";
import { taxRateList } from "./procedures/tax-rate-list.ts";
import { taxRatePut, taxRatePutMany } from "./procedures/tax-rate-put.ts";
import { taxRateRetire } from "./procedures/tax-rate-retire.ts";

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
    applyCoupon: cartApplyCoupon,
    removeCoupon: cartRemoveCoupon,
    setContact: cartSetContact,
    quote: cartQuote,
    explain: cartExplain,
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
  coupon: router({ put: couponPut, putMany: couponPutMany, retire: couponRetire, list: couponList }),
  shippingMethod: router({
    put: shippingMethodPut,
    putMany: shippingMethodPutMany,
    retire: shippingMethodRetire,
    list: shippingMethodList,
  }),
  taxRate: router({ put: taxRatePut, putMany: taxRatePutMany, retire: taxRateRetire, list: taxRateList }),
  stock: router({ set: stockSet, adjust: stockAdjust, adjustMany: stockAdjustMany, get: stockGet }),
  privacy: router({ export: privacyExport, forget: privacyForget, find: privacyFind, open: privacyOpen }),
  log: router({
    heads: logHeads,
    read: logRead,
    stream: logStream,
  }),
  parked: parkedRouter,
});
export type CartServiceRouter = typeof cartServiceRouter;
