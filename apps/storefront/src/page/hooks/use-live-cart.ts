import type { LiveCartState } from "@cartwright/client/live-cart-state";
import { useSyncExternalStore } from "react";
import { useShop } from "./use-shop.ts";

/** The cart as it is now, with what was just done already in it. */
export const useLiveCart = (): LiveCartState => {
  const { live } = useShop();
  return useSyncExternalStore(live.subscribe, live.getSnapshot);
};
