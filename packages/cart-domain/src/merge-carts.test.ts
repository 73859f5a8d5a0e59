import type { CartEvent } from "@cartwright/contracts/cart-events";
import { CartId } from "@cartwright/contracts/ids";
import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import { Sealed } from "@cartwright/contracts/sealed";
import { accept, refuse } from "@cartwright/decider/decision";
import { describe, expect, test } from "vitest";
import { absentCart, evolve } from "./cart.ts";
import {
  added,
  addedNow,
  cartId,
  closings,
  earlier,
  eur,
  guest,
  guestCartId,
  manyProducts,
  now,
  opened,
  openedByGuest,
  owner,
  productId,
} from "./cart-spec.ts";
import { couponsLeftBehind, type MergeCarts, mergeCarts } from "./merge-carts.ts";

const cartFrom = (events: readonly CartEvent[]) => events.reduce(evolve, absentCart);

const merge = (pasts: { into: readonly CartEvent[]; from: readonly CartEvent[] }, change: Partial<MergeCarts> = {}) => {
  const carts = { into: cartFrom(pasts.into), from: cartFrom(pasts.from) };
  return mergeCarts({ cartId, fromCartId: guestCartId, owner, contact: null, now, ...change }, carts);
};

const contact = {
  email: Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`),
  ...{ phone: null, locale: "en", timeZone: null, consent: { marketing: false } },
};
const merged = (lineCount: number, itemCount: number, repriced: Extract<CartEvent, { type: "GuestCartMerged" }>["data"]["repriced"] = []) =>
  ({ type: "GuestCartMerged", data: { cartId, fromCartId: guestCartId, lineCount, itemCount, repriced, mergedAt: now } }) as const;
const mergedAway = { type: "CartMergedIntoAnother", data: { cartId: guestCartId, intoCartId: cartId, mergedAt: now } } as const;

const after = (past: readonly CartEvent[], decision: ReturnType<typeof merge>, stream: 0 | 1) => {
  if (!decision.accepted) throw new Error(`Refused: ${JSON.stringify(decision.refusal)}`);
  return cartFrom([...past, ...(decision.events[stream] ?? [])]);
};

describe("merging a guest's cart into a user's", () => {
  test("moves every line over and closes the guest's cart", () => {
    const into = [opened(), added("shoes", 2)];
    const from = [openedByGuest(), added("hat", 3, eur(500)), added("scarf")];
    const merging = merge({ into, from });
    expect(merging).toEqual(accept([merged(2, 4), addedNow("hat", 3, eur(500)), addedNow("scarf")], [mergedAway]));
    expect(after(into, merging, 0)).toMatchObject({ status: "Open", lines: { count: 3, itemCount: 6, totalMinor: 4_500 } });
    expect(after(from, merging, 1)).toMatchObject({
      status: "Merged",
      mergedInto: cartId,
      lines: { count: 0, itemCount: 0, totalMinor: 0 },
    });
  });

  test("brings the guest's coupons along, as far as the cart takes them, and the contact where the user has given none that can be read", () => {
    const applied = (id: typeof cartId, ...codes: string[]) =>
      codes.map((code): CartEvent => ({ type: "CouponApplied", data: { cartId: id, code: CouponCode.parse(code), appliedAt: earlier } }));
    const codesOf = (decision: ReturnType<typeof merge>) =>
      decision.accepted && decision.events[0]?.flatMap(({ type, data }) => (type === "CouponApplied" ? [data.code] : []));
    const from = [openedByGuest(), added("hat"), ...applied(guestCartId, "TEN", "FREE")];
    expect(codesOf(merge({ into: [], from }))).toEqual(["TEN", "FREE"] as CouponCode[]);
    const into = [opened(), ...applied(cartId, "TEN", "A", "B", "C")];
    expect(codesOf(merge({ into, from }))).toEqual(["FREE"] as CouponCode[]);
    const full = [...into, ...applied(cartId, "D")];
    expect(codesOf(merge({ into: full, from }))).toEqual([]);
    expect(couponsLeftBehind(cartFrom(full), cartFrom(from))).toEqual(["FREE"] as CouponCode[]);

    const setContact = { type: "ContactSet", data: { cartId, contact, setAt: now } } as const;
    expect(merge({ into: [opened()], from }, { contact })).toMatchObject({ events: [expect.arrayContaining([setContact]), [mergedAway]] });
    const reached = [opened(), { ...setContact, data: { ...setContact.data, setAt: earlier } }];
    const isKept = (decision: ReturnType<typeof merge>) =>
      decision.accepted && !decision.events[0]?.some(({ type }) => type === "ContactSet");
    expect(isKept(merge({ into: reached, from }, { contact }))).toBe(true);
    const other = { ...contact, email: Sealed.parse(`${contact.email}d`) };
    expect(isKept(merge({ into: reached, from }, { contact: other, unreadable: other }))).toBe(true);
    expect(merge({ into: reached, from }, { contact: other, unreadable: contact })).toMatchObject({
      events: [expect.arrayContaining([{ ...setContact, data: { ...setContact.data, contact: other } }]), [mergedAway]],
    });
  });

  test("adds the quantities of a product that is in both; the user's price stays and the difference is told", () => {
    const into = [opened(), added("shoes", 2, eur(1_000))];
    const merging = merge({ into, from: [openedByGuest(), added("shoes", 3, eur(900)), added("hat")] });
    expect(merging).toEqual(
      accept(
        [merged(2, 4, [{ productId: productId("shoes"), from: eur(900), to: eur(1_000) }]), addedNow("shoes", 3), addedNow("hat")],
        [mergedAway],
      ),
    );
    expect(after(into, merging, 0)).toMatchObject({ lines: { count: 2, itemCount: 6, totalMinor: 6_000 } });
  });

  test("opens the user's cart where there is none, in the guest's currency", () => {
    const yen = { amountMinor: 90, currency: "JPY" } as const;
    const openedInYen: CartEvent = {
      type: "CartOpened",
      data: { cartId: guestCartId, owner: guest, ownerKind: "guest", currency: "JPY", openedAt: earlier },
    };
    expect(merge({ into: [], from: [openedInYen, added("shoes", 1, yen)] })).toEqual(
      accept(
        [
          { type: "CartOpened", data: { cartId, owner, ownerKind: "user", currency: "JPY", openedAt: now } },
          merged(1, 1),
          addedNow("shoes", 1, yen),
        ],
        [mergedAway],
      ),
    );
  });

  test("closes an empty guest's cart as well", () =>
    expect(merge({ into: [opened()], from: [openedByGuest()] })).toEqual(accept([merged(0, 0)], [mergedAway])));

  test("a second time changes nothing, also once the user's cart is closed", () => {
    const from = [openedByGuest(), added("hat"), mergedAway];
    expect(merge({ into: [opened(), merged(1, 1), added("hat")], from })).toEqual(accept([], []));
    for (const [, closing] of closings)
      expect(merge({ into: [opened(), merged(1, 1), added("hat"), closing], from })).toEqual(accept([], []));
  });

  test("is refused when the guest's cart went into another one", () => {
    const elsewhere = CartId.parse("00000000-0000-4000-8000-000000000009");
    expect(
      merge({ into: [opened()], from: [openedByGuest(), { ...mergedAway, data: { ...mergedAway.data, intoCartId: elsewhere } }] }),
    ).toEqual(refuse({ code: "CartClosed", cartId: guestCartId, status: "Merged" }));
  });

  test("is refused rather than lose a line", () => {
    const refusals = [
      [
        [added("shoes", 9_000)],
        [added("shoes", 1_000)],
        { code: "TooManyOfProduct", productId: productId("shoes"), asked: 10_000, max: 9_999 },
      ],
      [manyProducts(499), [added("shoes"), added("hat")], { code: "CartFull", maxDistinctProducts: 500 }],
      [[added("shoes")], [added("yacht", 1, eur(Number.MAX_SAFE_INTEGER))], { code: "TotalTooLarge", currency: "EUR" }],
    ] as const;
    for (const [into, from, refusal] of refusals)
      expect(merge({ into: [opened(), ...into], from: [openedByGuest(), ...from] })).toEqual(refuse(refusal));
  });

  test("of two full carts that share every product makes no event that is too large to store", () => {
    const lines = (price: number) =>
      Array.from({ length: 500 }, (_, index) =>
        added(String(index).padStart(64, "0"), 1, eur(Math.floor(Number.MAX_SAFE_INTEGER / 1_000) - price)),
      );
    const merging = merge({ into: [opened(), ...lines(1)], from: [openedByGuest(), ...lines(2)] });
    if (!merging.accepted) throw new Error(merging.refusal.code);
    const lengths = merging.events.flat().map((event) => JSON.stringify(event.data).length);
    expect(lengths).toHaveLength(502);
    expect(Math.max(...lengths)).toBeLessThan(128 * 1024);
  });

  test("is refused between two currencies", () => {
    const yen: CartEvent = { type: "CartOpened", data: { cartId, owner, ownerKind: "user", currency: "JPY", openedAt: earlier } };
    expect(merge({ into: [yen], from: [openedByGuest()] })).toEqual(refuse({ code: "CurrencyMismatch", cart: "JPY", given: "EUR" }));
  });

  test("is refused for a cart that is no guest's, or that is the same one", () => {
    expect(merge({ into: [], from: [opened(guestCartId)] })).toEqual(refuse({ code: "NotAGuestCart", cartId: guestCartId }));
    expect(merge({ into: [openedByGuest()], from: [openedByGuest()] }, { cartId: guestCartId })).toEqual(
      refuse({ code: "SameCart", cartId: guestCartId }),
    );
  });

  test("is refused where the guest has no cart, or either is closed", () => {
    expect(merge({ into: [opened()], from: [] })).toEqual(refuse({ code: "CartNotFound", cartId: guestCartId }));
    for (const [status, closing] of closings.filter(([, { type }]) => type !== "CartMergedIntoAnother")) {
      expect(merge({ into: [opened(), closing], from: [openedByGuest()] })).toEqual(refuse({ code: "CartClosed", cartId, status }));
      expect(merge({ into: [opened()], from: [openedByGuest(), closing] })).toEqual(
        refuse({ code: "CartClosed", cartId: guestCartId, status }),
      );
    }
  });
});
