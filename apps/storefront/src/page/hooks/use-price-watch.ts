import type { ProductId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import { useEffect, useState } from "react";
import { useLiveCart } from "./use-live-cart.ts";
import { useShop } from "./use-shop.ts";

/** What a shopper is told of a line. */
export type LineNotice = Extract<Notice, { productId: ProductId }>;

/** What has changed in the shop since the lines of the cart were added, by product. Asked when the cart changes and when one comes back. */
export const usePriceWatch = (): ReadonlyMap<ProductId, LineNotice> => {
  const { api, live } = useShop();
  const { version, status, cart } = useLiveCart();
  const [notices, setNotices] = useState<ReadonlyMap<ProductId, LineNotice>>(none);
  const [looks, setLooks] = useState(0);
  const worthAsking = status === "live" && cart?.status === "Open" && cart.items.length > 0;

  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") setLooks((count) => count + 1);
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);

  useEffect(() => {
    if (!worthAsking) return setNotices(none);
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      const asked = api.notices(live.cartId, leaving.signal);
      asked.then(
        (found) => setNotices(new Map(found.flatMap((notice) => ("productId" in notice ? [[notice.productId, notice]] : [])))),
        () => {},
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [api, live, version, worthAsking, looks]);

  return notices;
};

const none: ReadonlyMap<ProductId, LineNotice> = new Map();

/** A burst of taps is one reason to ask. */
const SETTLE_MS = 300;
