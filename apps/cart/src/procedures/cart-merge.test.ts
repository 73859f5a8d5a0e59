import { ProductId, SubjectId } from "@cartwright/contracts/ids";
import { EmailAddress } from "@cartwright/contracts/personal-data";
import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import { Sealed } from "@cartwright/contracts/sealed";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { afterEach, expect, test } from "vitest";
import { mergeCarts } from "../carts/merge-carts.ts";
import { aCartId, aKey, type CartUnderTest, cartUnderTest, eur, laptop, merchant, mouse, product, refusalOf } from "../spec.ts";

const shopping = async (options: Parameters<typeof cartUnderTest>[0] = {}) => {
  const cart = await cartUnderTest(options);
  const guestToken = await cart.guest();
  const guest = cart.trpc(guestToken);
  const guestCartId = aCartId();
  await guest.cart.addItem.mutate({ cartId: guestCartId, productId: mouse, quantity: 2 });
  return { cart, guest, guestToken, guestCartId, ada: cart.trpc(await cart.token("ada")), cartId: aCartId() };
};

let used: CartUnderTest | undefined;
afterEach(async () => used?.[Symbol.asyncDispose]());

test("what the guest had lies in the user's cart, and the guest's is closed", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  await ada.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await ada.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
  expect(await ada.cart.merge.mutate({ cartId, guestToken, guestCartId })).toMatchObject({ cartId, version: 5, notices: [] });
  expect(await ada.cart.view.query({ cartId })).toMatchObject({
    items: [
      { productId: mouse, quantity: 3 },
      { productId: laptop, quantity: 1 },
    ],
    totals: { itemCount: 4, total: eur(25_005_997) },
  });
  expect(await guest.cart.view.query({ cartId: guestCartId })).toMatchObject({ status: "Merged", mergedInto: cartId, items: [] });
  expect(await guest.cart.current.query()).toBeNull();
});

test("a user without a cart gets one, which is then the current one", async () => {
  const { cart, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  await ada.cart.merge.mutate({ cartId, guestToken, guestCartId });
  expect(await ada.cart.current.query()).toMatchObject({ cartId, ownerKind: "user", totals: { itemCount: 2 } });
});

test("two log-ins at once merge once and lose nothing", async () => {
  const { cart, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const replies = await Promise.all(Array.from({ length: 10 }, () => ada.cart.merge.mutate({ cartId, guestToken, guestCartId })));
  expect(new Set(replies.map(({ version }) => version))).toEqual(new Set([3]));
  expect(await ada.cart.view.query({ cartId })).toMatchObject({ version: 3, totals: { itemCount: 2 } });
});

test("into two carts at once it goes into one of them", async () => {
  const { cart, guestToken, guestCartId, ada } = await shopping();
  used = cart;
  const [one, other] = [aCartId(), aCartId()];
  const merges = [one, other].map((cartId) => refusalOf(ada.cart.merge.mutate({ cartId, guestToken, guestCartId })));
  const refusals = await Promise.all(merges);
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1);
  expect(refusals).toContainEqual({ code: "CartClosed", cartId: guestCartId, status: "Merged" });
});

test("a retry gets the first answer with its notices", async () => {
  const { cart, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const merge = { cartId, guestToken, guestCartId, idempotencyKey: aKey() };
  const first = await ada.cart.merge.mutate(merge);
  await ada.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
  expect(await ada.cart.merge.mutate(merge)).toEqual(first);
});

test("the token must be the guest's own", async () => {
  const { cart, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const merge = (token: string) => refusalOf(ada.cart.merge.mutate({ cartId, guestToken: token, guestCartId }));
  expect(await merge(await cart.guest())).toEqual({ code: "CartNotFound", cartId: guestCartId });
  expect(await merge(await cart.token("grace"))).toEqual({ code: "TokenInvalid", token: "guest", reason: "malformed" });
  expect(await merge("a.b.c")).toEqual({ code: "TokenInvalid", token: "guest", reason: "malformed" });
  expect(await merge(guestToken.slice(0, -4))).toEqual({ code: "TokenInvalid", token: "guest", reason: "malformed" });
  expect(await refusalOf(ada.cart.merge.mutate({ cartId, guestToken, guestCartId: aCartId() }))).toMatchObject({ code: "CartNotFound" });
  expect(await ada.cart.current.query()).toBeNull();
});

test("a guest's token that has expired proves nothing: the client refreshes it first", async () => {
  const clock = fakeClock();
  const { cart, guestToken, guestCartId, cartId } = await shopping({ now: clock.now });
  used = cart;
  clock.advance(11 * 60_000);
  const ada = cart.trpc(await cart.token("ada"));
  expect(await refusalOf(ada.cart.merge.mutate({ cartId, guestToken, guestCartId }))).toEqual({
    code: "TokenInvalid",
    token: "guest",
    reason: "expired",
  });
});

test("a guest's cart cannot go into one that only a user may open, nor into itself", async () => {
  const { cart, guest, guestToken, guestCartId, cartId } = await shopping();
  used = cart;
  expect(await refusalOf(guest.cart.merge.mutate({ cartId, guestToken, guestCartId }))).toEqual({ code: "CartNotFound", cartId });
  expect(await refusalOf(guest.cart.merge.mutate({ cartId: guestCartId, guestToken, guestCartId }))).toEqual({
    code: "SameCart",
    cartId: guestCartId,
  });
});

test("an expected version is held to, and neither cart changes where it is not so", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  expect(await refusalOf(ada.cart.merge.mutate({ cartId, guestToken, guestCartId, expectedVersion: 2 }))).toEqual({
    code: "VersionMismatch",
    expected: 2,
    actual: 0,
  });
  expect(await guest.cart.view.query({ cartId: guestCartId })).toMatchObject({ status: "Open", version: 2 });
  await ada.cart.merge.mutate({ cartId, guestToken, guestCartId, expectedVersion: 0 });
});

test("the guest's coupons and contact come along, and a coupon too many is told of", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: null, maxUsesPerCustomer: null };
  const codes = ["A", "B", "C", "D", "E", "F"].map((code) => CouponCode.parse(code));
  const data = { ...held, discount: { kind: "percentage", ratePpm: 10_000 } as const };
  await cart.services.shop.putMany(
    "coupon",
    merchant,
    codes.map((id) => ({ id, data })),
  );
  await ada.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  for (const code of codes.slice(0, 4)) await ada.cart.applyCoupon.mutate({ cartId, code });
  for (const code of codes.slice(4)) await guest.cart.applyCoupon.mutate({ cartId: guestCartId, code });
  await guest.cart.setContact.mutate({ cartId: guestCartId, email: EmailAddress.parse("reach-ada@example.com"), locale: "en" });
  const merging = { cartId, guestToken, guestCartId, idempotencyKey: aKey("merge") };
  const { notices } = await ada.cart.merge.mutate(merging);
  expect(notices).toEqual([{ code: "CouponLeftBehind", coupon: "F", max: 5 }]);
  expect((await ada.cart.merge.mutate(merging)).notices).toEqual(notices);
  expect(await ada.cart.view.query({ cartId })).toMatchObject({ coupons: ["A", "B", "C", "D", "E"], hasContact: true });
  // By the user's own key: it is forgotten with the user, and not with the guest.
  await guest.privacy.forget.mutate();
  expect(JSON.stringify(await ada.privacy.export.query())).toContain("reach-ada@example.com");
});

test("a guest's contact comes along into a cart whose own nobody can read any more, and not in place of one that can be read", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const reach = (name: string) => ({ email: EmailAddress.parse(`${name}@example.com`), locale: "en" });
  const contactsOf = async (id: typeof cartId) => {
    const { carts } = await ada.privacy.export.query();
    const events = carts.find((each) => each.cartId === id)?.events ?? [];
    return events.flatMap(({ type, data }) =>
      type === "ContactSet" ? [(data as { contact: { email: string | null } }).contact.email] : [],
    );
  };
  await ada.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await ada.cart.setContact.mutate({ cartId, ...reach("before") });
  await ada.privacy.forget.mutate();
  await guest.cart.setContact.mutate({ cartId: guestCartId, ...reach("after") });
  await ada.cart.merge.mutate({ cartId, guestToken, guestCartId });
  expect(await contactsOf(cartId)).toEqual([null, reach("after").email]);

  const next = aCartId();
  await guest.cart.addItem.mutate({ cartId: next, productId: mouse, quantity: 1 });
  await guest.cart.setContact.mutate({ cartId: next, ...reach("another") });
  await ada.cart.merge.mutate({ cartId, guestToken, guestCartId: next });
  expect(await contactsOf(cartId)).toEqual([null, reach("after").email]);
});

test("a merge that is refused leaves nothing of the guest with the user", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  await ada.cart.open.mutate({ cartId, currency: "USD" });
  await guest.cart.setContact.mutate({ cartId: guestCartId, email: EmailAddress.parse("guest@example.com"), locale: "en" });
  expect(await refusalOf(ada.cart.merge.mutate({ cartId, guestToken, guestCartId }))).toMatchObject({ code: "CurrencyMismatch" });
  expect((await ada.privacy.export.query()).keyCreatedAt).toBeNull();
});

test("a contact that the guest gives in the moment of the merge comes along", async () => {
  const { cart, guest, guestToken, guestCartId, ada, cartId } = await shopping();
  used = cart;
  const sealed = Sealed.parse(`sealed.1.${"k".repeat(22)}.${"n".repeat(16)}.${"c".repeat(40)}`);
  let isGiven = false;
  const merge = mergeCarts({
    handler: {
      ...cart.handler,
      async handleMany(command) {
        if (!isGiven) await guest.cart.setContact.mutate({ cartId: guestCartId, email: EmailAddress.parse("g@example.com"), locale: "en" });
        isGiven = true;
        return cart.handler.handleMany(command);
      },
    },
    verifier: cart.verifier,
    seal: async (_subject, fields) => Object.fromEntries(Object.keys(fields).map((name) => [name, sealed])) as never,
    unseal: async (values) => values.map(() => "g@example.com"),
    now: () => new Date(),
  });
  const caller = { ...merchant, subject: SubjectId.parse("user-ada") };
  expect(await merge(caller, { cartId, guestToken, guestCartId })).toMatchObject({ ok: true });
  expect(await ada.cart.view.query({ cartId })).toMatchObject({ hasContact: true });
});

test("sixty-five lines of two carts are all there, once, when the user logs in on two devices at once", async () => {
  const service = await cartUnderTest();
  used = service;
  const products = Array.from({ length: 65 }, (_, index) => ({
    productId: ProductId.parse(`p${index}`),
    product: product(`P${index}`, [eur(100)]),
  }));
  await service.services.catalog.putMany(merchant, products);
  const guestToken = await service.guest();
  const [guestCartId, cartId] = [aCartId(), aCartId()];
  const [guest, adas] = [service.trpc(guestToken).cart, service.trpc(await service.token("ada")).cart];
  for (const { productId } of products) await guest.addItem.mutate({ cartId: guestCartId, productId, quantity: 2 });
  for (const { productId } of products.slice(0, 20)) await adas.addItem.mutate({ cartId, productId, quantity: 1 });
  await Promise.all([1, 2].map(() => adas.merge.mutate({ cartId, guestToken, guestCartId })));
  const { items, totals } = await adas.view.query({ cartId });
  expect(totals).toMatchObject({ lineCount: 65, itemCount: 150 });
  expect(Object.fromEntries(items.map(({ productId, quantity }) => [productId, quantity]))).toEqual(
    Object.fromEntries(products.map(({ productId }, index) => [productId, index < 20 ? 3 : 2])),
  );
});
