import type { CartId } from "@cartwright/contracts/ids";
import { type LiveCart, liveCart, type OwnLiveCart } from "./live-cart.ts";
import type { LiveCartService } from "./live-cart-service.ts";

/** The live carts of one client. */
export type LiveCarts = {
  /** The same one for as long as anybody looks at it or anything is under way. */
  of(cartId: CartId): LiveCart;
  reconnect(): void;
  /** The network is away. */
  lose(): void;
  close(): void;
};

export const liveCarts = (service: LiveCartService): LiveCarts => {
  const inUse = new Map<CartId, OwnLiveCart>();
  const each = (act: (live: OwnLiveCart) => void) => {
    for (const live of [...inUse.values()]) act(live);
  };
  const open = (cartId: CartId): OwnLiveCart => {
    const live = liveCart({
      cartId,
      service,
      onIdle: () => inUse.delete(cartId),
      // Whoever kept it comes back to it, however long after.
      onActive: () => inUse.set(cartId, live),
    });
    return live;
  };
  return {
    of: (cartId) => {
      const live = inUse.get(cartId) ?? open(cartId);
      inUse.set(cartId, live);
      return live;
    },
    reconnect: () => each((live) => live.reconnect()),
    lose: () => each((live) => live.lose()),
    close: () => each((live) => live.close()),
  };
};
