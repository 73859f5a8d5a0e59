import { CartId, ProductId } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import type { AccountApi } from "./shop-api.ts";
import { takeAlong } from "./take-along.ts";

const cart = (digit: number) => CartId.parse(`00000000-0000-4000-8000-00000000000${digit}`);
const [guests, users, others] = [cart(1), cart(2), cart(3)];
const guest = { cartId: guests, token: "guest-token", currency: "EUR" } as const;
const notice = {
  code: "PriceChanged",
  productId: ProductId.parse("lamp"),
  from: { amountMinor: 1, currency: "EUR" },
  to: { amountMinor: 2, currency: "EUR" },
} as const;

const account = (parts: Partial<AccountApi>): AccountApi => ({
  current: async () => null,
  open: async () => ({ ok: true, value: { cartId: users } }),
  merge: async () => ({ ok: true, value: { notices: [] } }),
  ...parts,
});

describe("signing in", () => {
  test("puts the guest's cart into the account's, with the guest's token as the proof, and tells of prices", async () => {
    const asked: unknown[] = [];
    const merge: AccountApi["merge"] = async (carts) => {
      asked.push(carts);
      return { ok: true, value: { notices: [notice] } };
    };
    const taken = await takeAlong(account({ current: async () => ({ cartId: others }), merge }), guest);
    expect(taken).toEqual({ cartId: others, notices: [notice], refusal: null });
    expect(asked).toEqual([{ cartId: others, guestCartId: guests, guestToken: "guest-token" }]);
  });

  test("opens a cart in the guest's currency where the account has none", async () => {
    const currencies: string[] = [];
    const open: AccountApi["open"] = async (currency) => {
      currencies.push(currency);
      return { ok: true, value: { cartId: users } };
    };
    expect((await takeAlong(account({ open }), guest)).cartId).toBe(users);
    expect(currencies).toEqual(["EUR"]);
  });

  test("with an empty cart finds the account's and opens none", async () => {
    const open = () => Promise.reject(new Error("opened"));
    expect(await takeAlong(account({ open }), null)).toEqual({ cartId: null, notices: [], refusal: null });
    expect((await takeAlong(account({ open, current: async () => ({ cartId: users }) }), null)).cartId).toBe(users);
  });

  test("leaves the guest's cart where it is when it cannot be taken along, and says why", async () => {
    const refusal = { code: "CurrencyMismatch", cart: "USD", given: "EUR" } as const;
    const taken = await takeAlong(
      account({ current: async () => ({ cartId: users }), merge: async () => ({ ok: false, refusal }) }),
      guest,
    );
    expect(taken).toEqual({ cartId: users, notices: [], refusal });
  });

  test("in two windows at once takes it along once", async () => {
    const refusal = { code: "CartClosed", cartId: guests, status: "Merged" } as const;
    const taken = await takeAlong(
      account({ current: async () => ({ cartId: users }), merge: async () => ({ ok: false, refusal }) }),
      guest,
    );
    expect(taken).toEqual({ cartId: users, notices: [], refusal: null });
  });

  test("finds the next cart when the account's was closed meanwhile", async () => {
    const current = [users, others];
    const merge: AccountApi["merge"] = async ({ cartId }) =>
      cartId === users ? { ok: false, refusal: { code: "CartClosed", cartId, status: "Cancelled" } } : { ok: true, value: { notices: [] } };
    const taken = await takeAlong(account({ current: async () => ({ cartId: current.shift() ?? others }), merge }), guest);
    expect(taken).toEqual({ cartId: others, notices: [], refusal: null });
  });
});
