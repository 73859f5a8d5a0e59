import type { CheckoutId } from "@cartwright/contracts/ids";
import { useEffect, useState } from "react";
import { type CheckoutSight, nothingSeen, watchCheckout } from "../../shop/watch-checkout.ts";
import { useShop } from "./use-shop.ts";

/** A checkout as it is, and as it goes on. */
export const useCheckout = (checkoutId: CheckoutId): CheckoutSight => {
  const { api } = useShop();
  const [sight, setSight] = useState(nothingSeen);
  useEffect(() => {
    setSight(nothingSeen);
    return watchCheckout(api.checkout.follow, { checkoutId }, setSight);
  }, [api, checkoutId]);
  return sight;
};
