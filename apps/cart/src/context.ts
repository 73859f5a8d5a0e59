import type { TraceParent } from "@cartwright/contracts/event-metadata";
import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ReadableLog, ReadableStreams } from "@cartwright/service-kit/log-procedures";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { Auth } from "./auth/auth.ts";
import type { CartCommands } from "./carts/cart-commands.ts";
import type { CartQueries } from "./carts/cart-queries.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Checkouts } from "./checkouts/checkouts.ts";
import type { FollowCart } from "./live/live-cart.ts";
import type { Orders } from "./orders/orders.ts";
import type { Privacy } from "./privacy/privacy.ts";
import type { CartServiceRefusal } from "./refusals.ts";
import type { Shop } from "./shop/shop.ts";
import type { Stock } from "./shop/stock.ts";

/** What a procedure or a route of this service is given with each call. */
export type Context = CallContext & {
  /** The trace that the call belongs to; events carry it on. */
  readonly traceparent?: TraceParent | undefined;
  /** Where the request came from; absent where the runtime does not say. */
  readonly clientAddress?: string | undefined;
  readonly services: Services;
};

/** What the service can do, whoever asks: procedures and routes call the same functions. */
export type Services = {
  readonly carts: CartCommands;
  readonly queries: CartQueries;
  readonly live: FollowCart;
  readonly catalog: Catalog;
  readonly checkouts: Checkouts;
  readonly orders: Orders;
  readonly shop: Shop;
  readonly stock: Stock;
  readonly privacy: Privacy;
  /** What other services may read of the log. */
  readonly log: ReadableLog & ReadableStreams;
  readonly parking: ParkedStreams;
  readonly auth: Auth;
  readonly now: () => Date;
};

export const { router, publicProcedure, authenticated, withScope, createCallerFactory } = trpcFor<Context, CartServiceRefusal>();
