import type { CartQueriesDeps } from "../carts/cart-queries.ts";
import type { RunDeps } from "../carts/run-command.ts";
import type { LiveCartDeps } from "../live/live-cart.ts";
import { cancelOrder } from "./cancel-order.ts";
import { getOrder } from "./get-order.ts";
import { listOrders } from "./list-orders.ts";
import { liveOrder } from "./live-order.ts";

/** What a caller may do about orders. One that is not the caller's is answered as one that is not there. */
export type Orders = ReturnType<typeof orders>;

export const orders = (deps: RunDeps & LiveCartDeps & Pick<CartQueriesDeps, "views">) => ({
  get: getOrder(deps),
  list: listOrders(deps),
  cancel: cancelOrder(deps),
  live: liveOrder(deps),
});
