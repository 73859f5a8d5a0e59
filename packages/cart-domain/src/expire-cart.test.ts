import { Instant } from "@cartwright/contracts/instant";
import { describe, expect, test } from "vitest";
import { added, addedNow, cartId, closings, earlier, given, opened } from "./cart-spec.ts";
import { expireCart } from "./expire-cart.ts";

const day = 86_400_000;
const expireAt = (time: string) => (cart: Parameters<typeof expireCart>[1]) =>
  expireCart({ cartId, idleLimitMs: 30 * day, now: Instant.parse(time) }, cart);

describe("an idle cart", () => {
  test("expires once nothing has happened for the whole of the limit", () => {
    given(opened(), added("shoes")).when(expireAt("2026-03-02T09:29:59.999Z")).changesNothing();
    const expiring = given(opened(), added("shoes")).when(expireAt("2026-03-02T09:30:00.000Z"));
    expiring.yields({ type: "CartExpired", data: { cartId, idleSince: earlier, expiredAt: Instant.parse("2026-03-02T09:30:00.000Z") } });
    expect(expiring.leaves()).toMatchObject({ status: "Expired", lines: { itemCount: 1 } });
  });

  test("stays when it was used since", () =>
    given(opened(), added("shoes"), addedNow("hat")).when(expireAt("2026-03-02T09:44:59.999Z")).changesNothing());

  test("that does not exist cannot expire", () => given().when(expireAt("2027-01-01T00:00:00.000Z")).changesNothing());

  test.each(closings)("does not expire once it is %s", (_, closing) =>
    given(opened(), closing).when(expireAt("2027-01-01T00:00:00.000Z")).changesNothing(),
  );
});
