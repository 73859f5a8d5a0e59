import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Contact } from "@cartwright/contracts/personal-data";
import { CouponCode, type CouponData, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { describe, expect, test } from "vitest";
import { aCartId, aContact, type CartUnderTest, cartUnderTest, eur, laptop, merchant, mouse, refusalOf } from "../spec.ts";

const visa = PaymentToken.parse("pm_card_visa");
const code = CouponCode.parse("TEN");
const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: null, maxUsesPerCustomer: null };
const tenPercent = { kind: "percentage", ratePpm: 100_000 } as const;

const keep = ({ services }: CartUnderTest, terms: Partial<CouponData> = {}, id = code) =>
  services.shop.putMany("coupon", merchant, [{ id, data: { ...held, discount: tenPercent, ...terms } }]);

/** Somebody with a mouse in their cart. */
const shopping = async (service: CartUnderTest, token?: string) => {
  const shopper = service.trpc(token ?? (await service.guest()));
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  return {
    ...{ shopper, cartId },
    apply: (coupon = code) => shopper.cart.applyCoupon.mutate({ cartId, code: coupon }),
    quote: () => shopper.cart.quote.mutate({ cartId }),
    pay: async (email: string = aContact.email) => {
      const { quoteHash } = await shopper.cart.quote.mutate({ cartId });
      const contact = Contact.parse({ email, locale: "en" });
      return shopper.checkout.start.mutate({ cartId, quoteHash, contact, paymentToken: visa });
    },
    cancel: () => shopper.checkout.cancel.mutate({ checkoutId: checkoutIdOf(cartId, 1) }),
  };
};

const notApplicable = (problem: string) => ({ code: "CouponNotApplicable", coupon: code, problem });

describe("applying a coupon", () => {
  test.each<[string, Partial<CouponData>]>([
    ["notYetValid", { validFrom: Instant.parse("2100-01-01T00:00:00.000Z") }],
    ["notInThisCurrency", { discount: { kind: "fixed", amounts: [{ amountMinor: 500, currency: "USD" }] } }],
    ["minimumNotReached", { minimum: [eur(1_000_000)] }],
  ])("that does not hold is refused: %s", async (problem, terms) => {
    await using service = await cartUnderTest();
    await keep(service, terms);
    expect(await refusalOf((await shopping(service)).apply())).toEqual(notApplicable(problem));
  });

  test("beyond the most that a cart takes is refused", async () => {
    await using service = await cartUnderTest();
    const { apply } = await shopping(service);
    const codes = Array.from({ length: 6 }, (_, index) => CouponCode.parse(`C${index}`));
    for (const each of codes) await keep(service, {}, each);
    const refusals = [];
    for (const each of codes) refusals.push(await refusalOf(apply(each)));
    expect(refusals.filter((refusal) => refusal !== null)).toMatchObject([{ code: "TooManyCoupons", max: 5 }]);
  });

  test("that is used up is refused, in all and for one customer, and holds again where a use was given back", async () => {
    await using service = await cartUnderTest();
    const ada = await service.token("ada");
    await keep(service, { maxUses: 1 });
    const first = await shopping(service, ada);
    await first.apply();
    await first.pay();
    const second = await shopping(service);
    expect(await refusalOf(second.apply())).toEqual(notApplicable("usedUp"));
    await keep(service, { maxUsesPerCustomer: 1 });
    expect(await refusalOf((await shopping(service, ada)).apply())).toEqual(notApplicable("usedUpByCustomer"));
    await second.apply();
    await first.cancel();
    expect(await refusalOf((await shopping(service, ada)).apply())).toBeNull();
  });
});

describe("a coupon of one use a customer", () => {
  test("is used once by one e-mail, however many guests that is, and by each of two", async () => {
    await using service = await cartUnderTest();
    await keep(service, { maxUsesPerCustomer: 1 });
    const [one, other, another] = [await shopping(service), await shopping(service), await shopping(service)];
    for (const guest of [one, other, another]) await guest.apply();
    await one.pay("Eve@example.com");
    // By a cart that says nothing of the customer it still holds.
    expect((await other.quote()).quote.coupons).toMatchObject([{ code }]);
    expect(await refusalOf(other.pay("eve@example.com"))).toEqual(notApplicable("usedUpByCustomer"));
    await another.pay("ada@example.com");
    // Once the cart says who it is, the quote takes it off and says why.
    await other.shopper.cart.setContact.mutate({ cartId: other.cartId, ...Contact.parse({ email: "eve@example.com", locale: "en" }) });
    expect((await other.quote()).notices).toEqual([{ code: "CouponRemoved", coupon: code, problem: "usedUpByCustomer" }]);
  });

  test("is used once where many guests of one e-mail pay at once", async () => {
    await using service = await cartUnderTest();
    await keep(service, { maxUsesPerCustomer: 1 });
    const guests = await Promise.all(Array.from({ length: 6 }, () => shopping(service)));
    for (const guest of guests) await guest.apply();
    const refusals = await Promise.all(guests.map((guest) => refusalOf(guest.pay("eve@example.com"))));
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
    for (const refusal of refusals.filter((each) => each !== null)) expect(refusal).toEqual(notApplicable("usedUpByCustomer"));
  });

  test("leaves nothing in the log that tells one e-mail from another once the person is forgotten", async () => {
    await using service = await cartUnderTest();
    await keep(service, { maxUsesPerCustomer: 1 });
    const one = await shopping(service);
    await one.apply();
    await one.pay("eve@example.com");
    await one.shopper.privacy.forget.mutate();
    const next = await shopping(service);
    await next.apply();
    expect(await refusalOf(next.pay("eve@example.com"))).toBeNull();
    const { events } = await next.shopper.cart.history.query({ cartId: next.cartId });
    const started = events.flatMap(({ type, data }) => (type === "CheckoutStarted" ? [data.couponUses[0]?.customers] : []));
    expect(started).toEqual([[expect.stringMatching(/^guest-/), expect.stringMatching(/^[0-9a-f-]{36}$/)]]);
  });
});

describe("a coupon that holds no longer when it comes to paying", () => {
  test("is named by the refusal, and taken off by the next quote", async () => {
    await using service = await cartUnderTest();
    await keep(service);
    const { apply, quote, shopper, cartId } = await shopping(service);
    await apply();
    const { quoteHash } = await quote();
    await service.services.shop.retire("coupon", merchant, { id: code });
    const paying = { cartId, quoteHash, contact: aContact, paymentToken: visa };
    expect(await refusalOf(shopper.checkout.start.mutate(paying))).toEqual(notApplicable("retired"));
    const again = await quote();
    expect(again.notices).toEqual([{ code: "CouponRemoved", coupon: code, problem: "retired" }]);
    await shopper.checkout.start.mutate({ ...paying, quoteHash: again.quoteHash });
    const { events } = await shopper.cart.history.query({ cartId });
    expect(events.map(({ type }) => type).slice(-3)).toEqual(["CouponRemoved", "ContactSet", "CheckoutStarted"]);
  });
});

describe("a coupon takes off", () => {
  const standard = ShippingMethodId.parse("standard");
  const shipping = async ({ services }: CartUnderTest, freeFrom: number | null) => {
    const method = { name: "Standard", countries: null, prices: [eur(490)], freeFrom: freeFrom === null ? [] : [eur(freeFrom)] };
    await services.shop.putMany("shippingMethod", merchant, [{ id: standard, data: method }]);
  };

  test("a fixed amount, of its own products and no more than they come to", async () => {
    await using service = await cartUnderTest();
    await keep(service, { discount: { kind: "fixed", amounts: [eur(5_000)] }, products: [mouse] });
    const { apply, quote, shopper, cartId } = await shopping(service);
    await shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    await apply();
    expect((await quote()).quote).toMatchObject({
      lines: [
        { productId: mouse, discount: eur(1_999), discounts: [{ code, amount: eur(1_999) }], total: eur(0) },
        { productId: laptop, discount: eur(0), discounts: [] },
      ],
      coupons: [{ code, base: eur(1_999), amount: eur(1_999) }],
    });
  });

  test("the shipping once, and one that took off nothing is not used", async () => {
    await using service = await cartUnderTest();
    await shipping(service, null);
    const [free, spare] = [CouponCode.parse("FREE"), CouponCode.parse("SPARE")];
    for (const each of [free, spare]) await keep(service, { discount: { kind: "freeShipping" }, maxUses: 1 }, each);
    const { shopper, cartId, apply } = await shopping(service);
    for (const each of [free, spare]) await apply(each);
    const how = { cartId, country: "DE" as never, shippingMethodId: standard };
    const { quote, quoteHash } = await shopper.cart.quote.mutate(how);
    expect(quote).toMatchObject({
      coupons: [
        { code: free, amount: eur(490) },
        { code: spare, amount: eur(0) },
      ],
      shipping: { list: eur(490), discount: eur(490), total: eur(0) },
      totals: { shipping: eur(0), total: eur(1_999) },
    });
    const shipTo = { country: "DE" as never, name: "Ada", line1: "Unter den Linden 1", city: "Berlin" };
    await shopper.checkout.start.mutate({ cartId, quoteHash, contact: aContact, shipTo, shippingMethodId: standard, paymentToken: visa });
    const counts = await service.log.claims([`coupon:${free}`, `coupon:${spare}`]);
    expect([counts.get(`coupon:${free}`)?.count ?? 0, counts.get(`coupon:${spare}`)?.count ?? 0]).toEqual([1, 0]);
  });
});
