import type { Cart } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { CartViews } from "@cartwright/read-model/cart-views";
import type { Catalog } from "../catalog/catalog.ts";
import { cartAt } from "./cart-at.ts";
import { cartHistory } from "./cart-history.ts";
import { currentCart } from "./current-cart.ts";
import { listCarts } from "./list-carts.ts";
import type { SupportReads } from "./support-reads.ts";
import { viewCart } from "./view-cart.ts";

/** What may be asked about carts on behalf of a caller. A cart that is not the caller's is answered as one that is not there. */
export type CartQueries = ReturnType<typeof cartQueries>;

export type CartQueriesDeps = {
  readonly handler: Pick<CommandHandler<Cart, CartEvent>, "load">;
  readonly log: Pick<EventLog, "claims" | "readStream">;
  readonly catalog: Pick<Catalog, "products">;
  readonly views: CartViews;
  readonly supportReads: SupportReads;
  /** How long a view is waited for before the log is folded instead. */
  readonly viewWaitMs: number;
  /** Told of a read model that can't be read; the log is folded instead. */
  readonly onViewsAway: (error: unknown) => void;
  readonly now: () => Date;
};

export const cartQueries = (deps: CartQueriesDeps) => ({
  view: viewCart(deps),
  current: currentCart(deps),
  list: listCarts(deps),
  at: cartAt(deps),
  history: cartHistory(deps),
});
