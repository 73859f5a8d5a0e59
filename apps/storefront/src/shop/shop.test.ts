import type { LiveCart } from "@cartwright/client/live-cart";
import { initialState, type LiveCartState } from "@cartwright/client/live-cart-state";
import { CartId, CheckoutId, ProductId } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";
import { session, type Tokens } from "./session.ts";
import { shop } from "./shop.ts";
import type { AccountApi, AuthApi, CheckoutApi, ShopApi } from "./shop-api.ts";
import { sessionStore } from "./stored-session.ts";

const cart = (digit: number) => CartId.parse(`00000000-0000-4000-8000-00000000000${digit}`);
const tokens = (name: string): Tokens => ({ token: name, refreshToken: `refresh ${name}`, expiresAt: new Date(Date.now() + 600_000) });
const withItems = (cartId: CartId): LiveCartState => ({
  ...initialState,
  cart: { cartId, status: "Open", currency: "EUR", items: [{ productId: ProductId.parse("lamp") }] } as unknown as LiveCartState["cart"],
});

type Parts = { account?: Partial<AccountApi>; auth?: Partial<AuthApi>; checkout?: Partial<CheckoutApi> };

/** A shop in one window, whose services do as they are told. */
const openShop = ({ account = {}, auth = {}, checkout = {} }: Parts = {}) => {
  const done: string[] = [];
  let state: LiveCartState = initialState;
  let carts = 0;
  const live = (cartId: CartId) =>
    ({
      cartId,
      getSnapshot: () => state,
      until: async () => state,
      cancel: async () => done.push(`cancel ${cartId}`),
      close: () => done.push(`close ${cartId}`),
    }) as unknown as LiveCart;
  const apiFor = (): ShopApi => ({
    liveCart: live,
    list: async () => ({ items: [], nextCursor: null }),
    overview: async () => [],
    notices: async () => [],
    close: () => {},
    checkout: {
      shippingMethods: async () => [],
      quote: () => Promise.reject(new Error("not asked")),
      start: () => Promise.reject(new Error("not asked")),
      follow: () => () => {},
      confirmAction: async () => ({ ok: true, value: null }),
      cancel: async () => ({ ok: true, value: null }),
      ...checkout,
    },
    account: {
      current: async () => null,
      open: async () => ({ ok: true, value: { cartId: cart(8) } }),
      merge: async ({ guestToken }) => {
        done.push(`merge by ${guestToken}`);
        return { ok: true, value: { notices: [] } };
      },
      ...account,
    },
  });
  const authApi: AuthApi = {
    guest: async () => tokens("guest"),
    refresh: async () => null,
    signIn: async ({ email }) => ({ ok: true, value: tokens(email) }),
    signOut: async (refreshToken) => void done.push(`sign out ${refreshToken}`),
    ...auth,
  };
  const newCartId = () => cart(++carts);
  const shared = { get: async () => undefined, put: async () => {} };
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const store = sessionStore({ storage, shared, events: new EventTarget() });
  const own = session({ store, auth: authApi, alone: oneAtATime(), newCartId });
  const opened = shop({ session: own, auth: authApi, apiFor, newCartId });
  const fill = () => {
    state = withItems(opened.getSnapshot().live.cartId);
  };
  return { opened, own, done, fill };
};
const ada = { email: "ada@example.com", password: "x" };

describe("signing in", () => {
  test("goes on with the account's cart, into which the guest's went", async () => {
    const { opened, done, fill } = openShop();
    fill();
    expect(await opened.signIn(ada)).toEqual({ ok: true, value: null });
    expect(opened.getSnapshot()).toMatchObject({ email: "ada@example.com", live: { cartId: cart(8) }, notes: [] });
    expect(done).toEqual(["merge by guest", `close ${cart(1)}`]);
  });

  test("that is refused changes nothing", async () => {
    const refusal = { code: "InvalidCredentials" } as const;
    const { opened, done } = openShop({ auth: { signIn: async () => ({ ok: false, refusal }) } });
    const before = opened.getSnapshot();
    expect(await opened.signIn(ada)).toEqual({ ok: false, refusal });
    expect(opened.getSnapshot()).toBe(before);
    expect(done).toEqual([]);
  });

  test("leaves a cart that cannot be taken along where it is, and signing out finds it again", async () => {
    const refusal = { code: "CurrencyMismatch", cart: "USD", given: "EUR" } as const;
    const { opened, fill } = openShop({
      account: { current: async () => ({ cartId: cart(8) }), merge: async () => ({ ok: false, refusal }) },
    });
    fill();
    await opened.signIn(ada);
    expect(opened.getSnapshot()).toMatchObject({ live: { cartId: cart(8) }, notes: [{ kind: "leftBehind", refusal }] });
    await opened.signOut();
    expect(opened.getSnapshot()).toMatchObject({ email: null, live: { cartId: cart(1) } });
  });
});

describe("signing out", () => {
  test("begins with an empty cart, also where the service does not hear of it", async () => {
    const { opened, done } = openShop({ auth: { signOut: () => Promise.reject(new Error("offline")) } });
    await opened.signIn(ada);
    const before = opened.getSnapshot().live.cartId;
    await opened.signOut();
    expect(opened.getSnapshot()).toMatchObject({ email: null, notes: [] });
    expect(opened.getSnapshot().live.cartId).not.toBe(before);
    expect(done).toContain(`close ${before}`);
  });

  test("by another window, or by the service, is told", async () => {
    const { opened, own } = openShop();
    await opened.signIn(ada);
    await own.change((current) => ({ ...current, cartId: cart(9), identity: null }));
    expect(opened.getSnapshot()).toMatchObject({ email: null, live: { cartId: cart(9) }, notes: [{ kind: "sessionEnded" }] });
  });
});

test("a new cart is begun by giving the present one up", async () => {
  const { opened, done, fill } = openShop();
  fill();
  await opened.startNewCart();
  expect(done).toEqual([`cancel ${cart(1)}`, `close ${cart(1)}`]);
  expect(opened.getSnapshot().live.cartId).toBe(cart(2));
});

describe("a checkout that is given up", () => {
  const checkoutId = CheckoutId.parse(`${cart(1)}.1`);

  test("is given up at the service, and the cart tells what came of it", async () => {
    const cancelled: string[] = [];
    const cancel: CheckoutApi["cancel"] = async (id) => ({ ok: true, value: cancelled.push(id) });
    const { opened } = openShop({ checkout: { cancel } });
    await opened.giveUp(checkoutId);
    expect([cancelled, opened.getSnapshot().notes]).toEqual([[checkoutId], []]);
  });

  test("too late, or while the service is away, is told", async () => {
    const refusal = { code: "CheckoutEnded", checkoutId, status: "Ordered" } as const;
    const { opened } = openShop({ checkout: { cancel: async () => ({ ok: false, refusal }) } });
    await opened.giveUp(checkoutId);
    expect(opened.getSnapshot().notes).toMatchObject([{ kind: "refused", refusal }]);
    const away = openShop({ checkout: { cancel: () => Promise.reject(new Error("offline")) } }).opened;
    await away.giveUp(checkoutId);
    expect(away.getSnapshot().notes).toMatchObject([{ kind: "away" }]);
  });
});

test("nobody is known in a browser before the first token", async () => {
  const { opened, own } = openShop();
  expect(opened.isKnown()).toBe(false);
  await own.token();
  expect(opened.isKnown()).toBe(true);
});

test("a token that is renewed is no reason to begin anew", async () => {
  const { opened, own, done } = openShop();
  const { live } = opened.getSnapshot();
  await own.token();
  expect(opened.getSnapshot().live).toBe(live);
  expect(done).toEqual([]);
});

test("a tap that could not be taken is told, until it is dismissed", async () => {
  const { opened } = openShop();
  const settled = Promise.resolve({ outcome: "queueFull" } as const);
  opened.heed(settled);
  await settled;
  const [note] = opened.getSnapshot().notes;
  expect(note).toMatchObject({ kind: "queueFull" });
  opened.dismiss(note?.id ?? 0);
  expect(opened.getSnapshot().notes).toEqual([]);
});
