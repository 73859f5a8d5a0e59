import { useEffect, useState } from "react";
import type { ShopCheckout } from "../../shop/checkout-words.ts";
import { useShop } from "./use-shop.ts";

/**
 * Says for the shopper that they were at their bank, which only they can know: by itself where they come from there, and once more whenever
 * they say so.
 */
export const useConfirmedAction = (checkout: ShopCheckout | null, isBack: boolean): (() => void) => {
  const { api } = useShop();
  const [said, setSaid] = useState(false);
  const waits = checkout?.status === "ActionRequired";
  const checkoutId = checkout?.checkoutId;
  useEffect(() => {
    if (!isBack || !waits || said || !checkoutId) return;
    setSaid(true);
    // Where it does not arrive, the provider tells it as well, and there is a button.
    api.checkout.confirmAction(checkoutId).catch(() => {});
  }, [api, isBack, waits, said, checkoutId]);
  return () => {
    if (checkoutId) api.checkout.confirmAction(checkoutId).catch(() => {});
  };
};
