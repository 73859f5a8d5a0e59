import { until } from "@cartwright/testkit/until";
import { asking } from "../asking.ts";
import { buy } from "../buy.ts";
import { type PurchaseKind, plain } from "./purchase-kinds.ts";

export type Bought = { readonly cartId: string; readonly checkoutId: string };
export type Purchase = Bought & { readonly kind: PurchaseKind };

export type Shoppers = AsyncDisposable & {
  /** The checkouts that were acknowledged so far: what may never be lost. */
  readonly acknowledged: readonly Purchase[];
  /** So many more carts are filled and paid; resolves when all that were asked for are acknowledged. */
  more(count: number): Promise<void>;
  /** The same without waiting for it. */
  want(count: number): void;
  /** One of each of these kinds is wanted. */
  wantEach(kinds: readonly PurchaseKind[]): void;
  /** The same; resolves when whatever is done about them by hand is done. */
  buy(kinds: readonly PurchaseKind[]): Promise<readonly Purchase[]>;
  /** Somebody else's purchase was acknowledged, too. */
  bought(purchase: Bought): void;
  /** From now on each step is done at any of these. */
  goTo(origins: readonly string[]): void;
  /** These are no longer held against the system: it was restored to a time before them. */
  forget(isGone: (purchase: Purchase) => boolean): void;
  /** Nothing new is begun, what is under way is acknowledged. */
  stop(): Promise<void>;
};

export type ShoppersOptions = {
  readonly origin: string;
  /** How many buy at once. */
  readonly count: number;
  readonly productId?: string;
  /** The token of whoever keeps the shop and its money, for kinds of purchases in which they have something to do. */
  readonly operator?: () => Promise<string>;
};

/** With the purchase that it has become, once whatever is done about it by hand is done. */
type Wanted = { readonly kind: PurchaseKind; purchase?: Purchase };

/** What is wanted and not begun, and how much of what ever was is done. */
const shoppingList = () => {
  const waiting: Wanted[] = [];
  let asked = 0;
  let done = 0;
  const waitFor = (isDone: () => boolean, what: string) => until(isDone, { timeoutMs: 120_000, what });
  const add = (kinds: readonly PurchaseKind[]): readonly Wanted[] => {
    const more = kinds.map((kind): Wanted => ({ kind }));
    asked += more.length;
    waiting.push(...more);
    return more;
  };
  return {
    add,
    isEmpty: () => waiting.length === 0,
    next: () => waiting.shift(),
    done(wanted: Wanted, purchase: Purchase) {
      wanted.purchase = purchase;
      done += 1;
    },
    async allDone() {
      const enough = asked;
      await waitFor(() => done >= enough, `${enough} checkouts`);
    },
    async bought(kinds: readonly PurchaseKind[]) {
      const added = add(kinds);
      const purchases = () => added.flatMap(({ purchase }) => purchase ?? []);
      await waitFor(() => purchases().length === added.length, "these purchases");
      return purchases();
    },
  };
};

const nobody = () => Promise.reject(new Error("nobody keeps this shop"));

/** Shoppers who fill a cart and pay, as often as they are asked to, and try each step under its key until it is acknowledged. */
export const startShoppers = ({ origin, count, productId = "prod-456", operator = nobody }: ShoppersOptions): Shoppers => {
  let origins: readonly string[] = [origin];
  let steps = 0;
  const system = { ...asking(() => origins[steps++ % origins.length] ?? origin), operator };
  const acknowledged: Purchase[] = [];
  const list = shoppingList();
  let over = false;
  const shop = async () => {
    const token = await system.guest();
    for (;;) {
      await until(() => over || !list.isEmpty(), { timeoutMs: 600_000, what: "somebody to want a purchase" });
      const wanted = list.next();
      if (!wanted) return;
      const { kind } = wanted;
      const [cartId, key] = [crypto.randomUUID(), crypto.randomUUID()];
      const checkoutId = await buy(system, { token, key, cartId, productId, card: kind.card });
      const purchase = { cartId, checkoutId, kind };
      acknowledged.push(purchase);
      await kind.meanwhile?.({ system, token, checkoutId, key });
      list.done(wanted, purchase);
    }
  };
  const shopping = Promise.all(Array.from({ length: count }, shop));
  const stop = async () => {
    over = true;
    await shopping;
  };
  const want = (more: number) => void list.add(Array.from({ length: more }, () => plain));
  return {
    acknowledged,
    async more(more) {
      want(more);
      await list.allDone();
    },
    want,
    wantEach: (kinds) => void list.add(kinds),
    buy: list.bought,
    goTo(others) {
      origins = others;
    },
    bought: (purchase) => void acknowledged.push({ ...purchase, kind: plain }),
    forget(isGone) {
      const kept = acknowledged.filter((purchase) => !isGone(purchase));
      acknowledged.splice(0, acknowledged.length, ...kept);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
