import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { ShopCheckout } from "./checkout-words.ts";

/** What can be seen of a checkout. */
export type CheckoutSight = {
  /** Null before it is known. */
  readonly checkout: ShopCheckout | null;
  /** It is not there, or somebody else's: the service does not say which. */
  readonly isUnknown: boolean;
  /** The service cannot be reached. What was seen is what was. */
  readonly isAway: boolean;
};

/** Tells a checkout as it is and whenever it has come further. After `onEnd` nothing comes any more. @returns what ends it. */
export type FollowCheckout = (checkoutId: CheckoutId, observer: CheckoutObserver) => () => void;

export type CheckoutObserver = {
  onCheckout(checkout: ShopCheckout): void;
  onConnection(isAway: boolean): void;
  /** @param refusal null where it is for another reason, such as that the service is away. */
  onEnd(refusal: Refusal | null): void;
};

export const nothingSeen: CheckoutSight = { checkout: null, isUnknown: false, isAway: false };

/** Follows a checkout, again and again where that breaks off, until it is known not to be there. @returns what ends it. */
export const watchCheckout = (
  follow: FollowCheckout,
  { checkoutId, againMs = AGAIN_MS }: { readonly checkoutId: CheckoutId; readonly againMs?: number },
  onSight: (sight: CheckoutSight) => void,
): (() => void) => {
  let sight = nothingSeen;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  const see = (change: Partial<CheckoutSight>) => {
    sight = { ...sight, ...change };
    onSight(sight);
  };
  const begin = () => {
    leave = follow(checkoutId, {
      onCheckout: (checkout) => see({ checkout, isAway: false }),
      onConnection: (isAway) => see({ isAway }),
      onEnd(refusal) {
        // A token that has ended is renewed when it is asked for again.
        if (refusal && refusal.code !== "Unauthenticated") return see({ isUnknown: true, isAway: false });
        see({ isAway: refusal === null });
        timer = setTimeout(begin, againMs);
      },
    });
  };
  begin();
  return () => {
    clearTimeout(timer);
    leave();
  };
};

const AGAIN_MS = 2_000;
