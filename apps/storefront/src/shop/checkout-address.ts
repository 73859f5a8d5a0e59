import type { CheckoutId } from "@cartwright/contracts/ids";

/** What the address says to which a bank leads the shopper back. */
export type CheckoutAddress = {
  /** Null where it names none. */
  readonly checkoutId: CheckoutId | null;
  /** Whether the shopper comes from what the provider wanted of them. */
  readonly isBack: boolean;
};

export const CHECKOUT_PATH = "/checkout";

export const checkoutAddressOf = (search: string): CheckoutAddress => {
  const params = new URLSearchParams(search);
  const id = params.get("paymentId") ?? "";
  // It is what the pattern says.
  return { checkoutId: CHECKOUT_ID.test(id) ? (id as CheckoutId) : null, isBack: params.has("redirect_status") };
};

/** The page that says how a checkout stands. */
export const checkoutPageOf = (checkoutId: CheckoutId): string => `${CHECKOUT_PATH}?${new URLSearchParams({ paymentId: checkoutId })}`;

/** A payment goes by the id of its checkout. */
const CHECKOUT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[1-9]\d{0,8}$/;
