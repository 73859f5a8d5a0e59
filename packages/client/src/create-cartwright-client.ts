import type { BillingRouter } from "@cartwright/billing/router";
import type { CartServiceRouter } from "@cartwright/cart/router";
import type { CartId } from "@cartwright/contracts/ids";
import type { FraudRouter } from "@cartwright/fraud/router";
import type { NotificationRouter } from "@cartwright/notification/router";
import type { ProjectorRouter } from "@cartwright/projector/router";
import { createTRPCUntypedClient } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { accessToken, type GetToken } from "./access-token.ts";
import type { CartService } from "./cart-service.ts";
import type { ClientOf } from "./client-of.ts";
import type { LiveCart } from "./live-cart.ts";
import { liveCarts } from "./live-carts.ts";
import { remoteCartService } from "./remote-cart-service.ts";
import { serviceClient } from "./service-client.ts";
import { serviceLinks } from "./service-links.ts";

/** Cartwright's services as functions: `client.cart.addItem.mutate(…)`, `client.catalog.list.query(…)`, `client.liveCart(cartId)`. */
export type CartwrightClient = CartService & {
  /** For those who keep the books, with the scope `billing:read`. */
  readonly billing: Omit<ClientOf<BillingRouter>, "log" | "parked" | "privacy">;
  /** For those who screen orders, with the scope `fraud:read`. */
  readonly fraud: Omit<ClientOf<FraudRouter>, "log" | "parked" | "privacy">;
  /** For those who look after what is sent, with the scope `notification:read`. */
  readonly notification: Omit<ClientOf<NotificationRouter>, "log" | "parked" | "privacy">;
  /** For those who run it all, with the scope `ops:read`: figures of each day, and how far read models are behind. */
  readonly projector: ClientOf<ProjectorRouter>["projector"];
  /** The cart of this id, always at hand. The same object for as long as anybody looks or anything is under way. */
  liveCart(cartId: CartId): LiveCart;
  /** Somebody else speaks from now on, such as after signing in or out: the token is asked for again. */
  renewToken(): void;
  /** For good: live carts are closed, connections end. */
  close(): void;
};

export type CartwrightClientOptions = {
  /** Where the gateway is, such as `https://shop.example`; in a browser `/` is where the page came from. */
  readonly url: string;
  /** An access token that is good for as long as the client is. Without token and `getToken` only what is public can be asked. */
  readonly token?: string;
  /** Gives the access token: asked once, and again when the service does not accept the one it gave any more. */
  readonly getToken?: GetToken;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** `null`: subscribe over server-sent events. */
  readonly WebSocket?: WebSocketClass | null;
  /** How long an answer may take; 15 s unless said. */
  readonly timeoutMs?: number;
};

/** The browser's `WebSocket`, or one like it. */
export type WebSocketClass = new (url: string) => object;

/**
 * A client of Cartwright for browsers and servers. Calls that nobody answered are made again where that is safe, commands under the same
 * idempotency key, which the client makes itself.
 */
export const createCartwrightClient = (options: CartwrightClientOptions): CartwrightClient => {
  const { token: fixed, getToken = fixed === undefined ? undefined : () => fixed } = options;
  const token = accessToken(getToken);
  const services: ReturnType<typeof serviceLinks>[] = [];
  const connect = <Router extends AnyRouter>(path: string) => {
    const service = serviceLinks<Router>({ ...transportOf(options), url: urlOf(options.url, path), token });
    services.push(service);
    const untyped = createTRPCUntypedClient<Router>({ links: service.links });
    return { untyped, calls: serviceClient(untyped) };
  };

  const cartService = connect<CartServiceRouter>("trpc");
  const lives = liveCarts(remoteCartService(cartService.untyped, cartService.calls));
  globalThis.addEventListener?.("online", lives.reconnect);
  globalThis.addEventListener?.("offline", lives.lose);

  const { auth, cart, catalog, checkout, order, coupon, shippingMethod, taxRate, stock, privacy } = cartService.calls;
  return {
    auth,
    cart,
    catalog,
    checkout,
    order,
    coupon,
    shippingMethod,
    taxRate,
    stock,
    privacy,
    billing: connect<BillingRouter>("billing/trpc").calls,
    fraud: connect<FraudRouter>("fraud/trpc").calls,
    notification: connect<NotificationRouter>("notification/trpc").calls,
    projector: connect<ProjectorRouter>("projector/trpc").calls.projector,
    liveCart: lives.of,
    renewToken: () => {
      token.forget();
      for (const { socket } of services) socket?.retire();
      lives.reconnect();
    },
    close: () => {
      globalThis.removeEventListener?.("online", lives.reconnect);
      globalThis.removeEventListener?.("offline", lives.lose);
      lives.close();
      for (const { socket } of services) socket?.retire();
    },
  };
};

const transportOf = ({ fetch, WebSocket: chosen, timeoutMs = 15_000 }: CartwrightClientOptions) => ({
  // Called on nothing, as browsers ask for.
  fetch: fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init)),
  // tRPC asks for the whole of the browser's class, and uses what each has.
  WebSocket: chosen === undefined ? globalThis.WebSocket : ((chosen ?? undefined) as typeof WebSocket | undefined),
  timeoutMs,
});

const urlOf = (gateway: string, path: string): string => {
  const base = new URL(gateway, globalThis.location?.href);
  return new URL(path, base.href.endsWith("/") ? base : `${base.href}/`).href;
};
