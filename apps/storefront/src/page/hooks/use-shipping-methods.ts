import { useEffect, useState } from "react";
import type { ShippingMethod } from "../../shop/order-form.ts";
import { useShop } from "./use-shop.ts";

/** The ways of shipping; null until they are known. */
export const useShippingMethods = (): readonly ShippingMethod[] | null => {
  const { api } = useShop();
  const [methods, setMethods] = useState<readonly ShippingMethod[] | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const ask = () => api.checkout.shippingMethods(leaving.signal).then(setMethods, () => {});
    void ask();
    addEventListener("online", ask);
    return () => {
      leaving.abort();
      removeEventListener("online", ask);
    };
  }, [api]);
  return methods;
};
