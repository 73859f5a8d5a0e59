import type { LiveCart } from "@cartwright/client/live-cart";
import type { Currency } from "@cartwright/contracts/currency";
import type { CartId, CheckoutId } from "@cartwright/contracts/ids";
import type { Notice } from "@cartwright/contracts/notices";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Country, Quote, QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { ListCatalogue } from "./catalogue.ts";
import type { CatalogueProduct } from "./catalogue-product.ts";
import type { ShippingMethod } from "./order-form.ts";
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
  shippingMethods(signal: AbortSignal): Promise<readonly ShippingMethod[]>;
  /** What a cart costs where it goes to, and the hash by which the shopper agrees to it. */
  quote(asked: QuoteRequest, signal: AbortSignal): Promise<Answer<{ readonly quote: Quote; readonly quoteHash: QuoteHash }>>;
  start(order: CheckoutOrder): Promise<Answer<{ readonly checkoutId: CheckoutId }>>;
  readonly follow: FollowCheckout;
  /** The shopper was where the provider wanted them. */
  confirmAction(checkoutId: CheckoutId): Promise<Answer<unknown>>;
  cancel(checkoutId: CheckoutId): Promise<Answer<unknown>>;
};

export type QuoteRequest = { readonly cartId: CartId; readonly country: Country; readonly shippingMethodId: ShippingMethodId };

export type CheckoutOrder = {
  readonly cartId: CartId;
  readonly quoteHash: QuoteHash;
  readonly shippingMethodId: ShippingMethodId;
  readonly paymentToken: PaymentToken;
  readonly contact: { readonly email: string; readonly locale: string };
  readonly shipTo: {
    readonly country: Country;
    readonly name: string;
    readonly line1: string;
    readonly city: string;
    readonly postalCode?: string;
  };
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
