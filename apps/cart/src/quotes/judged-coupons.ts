import type { ExistingCart } from "@cartwright/cart-domain/cart";
import type { CouponCode, CouponProblem } from "@cartwright/contracts/pricing-shapes";
import { couponUsesClaim, couponUsesOfClaim } from "@cartwright/contracts/shop-events";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Unseal } from "../checkouts/sealing.ts";
import type { Customers } from "../customers/customers.ts";
import type { KeptCoupon, ShopTerms } from "./shop-terms.ts";

export type JudgeDeps = {
  readonly shop: Pick<ShopTerms, "coupons">;
  readonly log: Pick<EventLog, "claims">;
  readonly customers: Pick<Customers, "known">;
  readonly unseal: Unseal;
};

/** What the shop says of a coupon, and whether any use of it is left, in all and for this customer. */
export type JudgedCoupon = KeptCoupon & { readonly usedUp: CouponProblem | null };

export type Judging = {
  readonly codes: readonly CouponCode[];
  readonly cart: Pick<ExistingCart, "owner" | "contact">;
  /** How the customer is reached, where that is not what the cart says. */
  readonly email?: string | undefined;
};

/** Those of the coupons that the shop knows. The claim in the append that begins the checkout has the last word. */
export const judgedCoupons = async (deps: JudgeDeps, judging: Judging): Promise<ReadonlyMap<CouponCode, JudgedCoupon>> => {
  const { codes } = judging;
  if (codes.length === 0) return new Map();
  const kept = await deps.shop.coupons(codes);
  const isPerCustomer = kept.values().some(({ terms }) => terms.maxUsesPerCustomer !== null);
  const names = isPerCustomer ? await namesOf(deps, judging) : [];
  const uses = await deps.log.claims(
    [...kept.keys()].flatMap((code) => [couponUsesClaim(code), ...names.map((name) => couponUsesOfClaim(code, name))]),
  );
  const usesOf = (key: string) => uses.get(key)?.count ?? 0;
  const judge = ([code, coupon]: [CouponCode, KeptCoupon]): [CouponCode, JudgedCoupon] => {
    const { maxUses, maxUsesPerCustomer } = coupon.terms;
    const byAll = maxUses !== null && usesOf(couponUsesClaim(code)) >= maxUses;
    const byCustomer = maxUsesPerCustomer !== null && names.some((name) => usesOf(couponUsesOfClaim(code, name)) >= maxUsesPerCustomer);
    return [code, { ...coupon, usedUp: byCustomer ? "usedUpByCustomer" : byAll ? "usedUp" : null }];
  };
  return new Map([...kept].map(judge));
};

/** The names that the customer goes by: whose cart it is, and what stands for the e-mail, if they have bought by it. */
const namesOf = async ({ customers, unseal }: JudgeDeps, { cart, email: given }: Judging): Promise<readonly string[]> => {
  const email = given ?? (await emailOf(unseal, cart));
  const known = email === null ? null : await customers.known(email);
  return known === null ? [cart.owner] : [cart.owner, known];
};

/** As the cart says it; null where it does not, or nobody can read it any more. */
export const emailOf = async (unseal: Unseal, { contact }: Pick<ExistingCart, "contact">): Promise<string | null> => {
  if (!contact) return null;
  const [email = null] = await unseal([{ field: "email", sealed: contact.email }]);
  return email;
};
