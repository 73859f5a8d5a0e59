import type { LiveCart } from "@cartwright/client/live-cart";
import type { Currency } from "@cartwright/contracts/currency";
import type { CartId, CheckoutId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { ListCatalogue } from "./catalogue.ts";
import type { CatalogueProduct } from "./catalogue-product.ts";
import type { Tokens } from "./session.ts";
import type { FollowCheckout } from "./watch-checkout.ts";

/** What the shop asks of the services as one shopper. Each rejects where they cannot be reached. */
export type ShopApi = {
  liveCart(cartId: CartId): LiveCart;
  readonly list: ListCatalogue;
  /** The beginning of the catalogue, as much of it as the service gives at once. */
  overview(currency: Currency, signal: AbortSignal): Promise<readonly CatalogueProduct[]>;
  /** What has changed in the shop since the lines of a cart were added. */
  notices(cartId: CartId, signal: AbortSignal): Promise<readonly Notice[]>;
  readonly account: AccountApi;
  readonly checkout: CheckoutApi;
  /** Ends the connection. */
  close(): void;
};

/** The carts of somebody who has signed in. */
export type AccountApi = {
  /** The open cart, from whichever device. */
  current(): Promise<{ readonly cartId: CartId } | null>;
  /** Opens one, or answers the one that is open. */
  open(currency: Currency): Promise<Answer<{ readonly cartId: CartId }>>;
  merge(carts: { cartId: CartId; guestCartId: CartId; guestToken: string }): Promise<Answer<{ readonly notices: readonly Notice[] }>>;
};

/** What a shopper may do about a checkout of theirs. */
export type CheckoutApi = {
  readonly follow: FollowCheckout;
  /** The shopper was where the provider wanted them. */
  confirmAction(checkoutId: CheckoutId): Promise<Answer<unknown>>;
  cancel(checkoutId: CheckoutId): Promise<Answer<unknown>>;
};

/** What says who somebody is. */
export type AuthApi = {
  guest(): Promise<Tokens>;
  /** Null where the refresh token is worth nothing any more. */
  refresh(refreshToken: string): Promise<Tokens | null>;
  signIn(credentials: Credentials): Promise<Answer<Tokens>>;
  signOut(refreshToken: string): Promise<void>;
};

export type Credentials = { readonly email: string; readonly password: string };

export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal };
