import { CheckoutId } from "@cartwright/contracts/ids";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import type { ShopCheckout } from "./checkout-words.ts";
import { type CheckoutObserver, type CheckoutSight, watchCheckout } from "./watch-checkout.ts";

const checkoutId = CheckoutId.parse("00000000-0000-4000-8000-000000000001.1");
const checkout: ShopCheckout = {
  ...{ checkoutId, status: "Approved", action: null, failure: null },
  amount: { amountMinor: 100, currency: "EUR" },
};

const watched = () => {
  const followers: CheckoutObserver[] = [];
  const sights: CheckoutSight[] = [];
  let left = 0;
  const follow = (_: CheckoutId, observer: CheckoutObserver) => {
    followers.push(observer);
    return () => void left++;
  };
  const end = watchCheckout(follow, { checkoutId, againMs: 1 }, (sight) => sights.push(sight));
  return { followers, end, now: () => sights.at(-1), left: () => left };
};

test("what it has come to is seen, each step of it", () => {
  const { followers, now, end, left } = watched();
  followers[0]?.onCheckout(checkout);
  followers[0]?.onCheckout({ ...checkout, status: "Ordered" });
  expect(now()).toEqual({ checkout: { ...checkout, status: "Ordered" }, isUnknown: false, isAway: false });
  end();
  expect(left()).toBe(1);
});

test("while the service is away, what was seen stays, and it is asked again", async () => {
  const { followers, now, end } = watched();
  followers[0]?.onCheckout(checkout);
  followers[0]?.onEnd(null);
  expect(now()).toEqual({ checkout, isUnknown: false, isAway: true });
  await until(() => followers.length === 2);
  followers[1]?.onCheckout(checkout);
  expect(now()?.isAway).toBe(false);
  end();
});

test("one that is not there, or somebody else's, is not asked for again", async () => {
  const { followers, now, end } = watched();
  followers[0]?.onEnd({ code: "CheckoutNotFound", checkoutId });
  expect(now()).toEqual({ checkout: null, isUnknown: true, isAway: false });
  // Who is to ask again after this one would have has done so.
  const later = watched();
  later.followers[0]?.onEnd(null);
  await until(() => later.followers.length === 2);
  expect(followers).toHaveLength(1);
  for (const each of [end, later.end]) each();
});

test("a session that has ended is one to be renewed", async () => {
  const { followers, now, end } = watched();
  followers[0]?.onEnd({ code: "Unauthenticated", reason: "expired" });
  expect(now()).toMatchObject({ isUnknown: false, isAway: false });
  await until(() => followers.length === 2);
  end();
});
