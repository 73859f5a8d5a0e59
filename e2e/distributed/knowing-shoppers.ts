import { type CartwrightClient, createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import type { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { until } from "@cartwright/testkit/until";

/** What a shopper is known to have done, and by whom it can be looked at. */
export type KnownShopper = {
  readonly client: CartwrightClient;
  /** Of each cart the newest version that was acknowledged or shown. */
  readonly versions: ReadonlyMap<CartId, number>;
};

export type KnowingShoppers = AsyncDisposable & {
  readonly shoppers: readonly KnownShopper[];
  /** Where a client that knew of something was answered without it: empty always. */
  readonly stale: readonly string[];
  /** How many steps were acknowledged, and looked at. */
  steps(): number;
  /** Nothing new is begun, what is under way is acknowledged. */
  stop(): Promise<void>;
};

type Known = { readonly client: CartwrightClient; readonly versions: Map<CartId, number> };
type Judged = { readonly stale: string[]; steps: number };

/**
 * Shoppers who fill carts, cancel some and pay for others, and after each step ask for the cart and for their list with what
 * they know; beside each of them another device that looks all the while and remembers the newest version that it was shown.
 */
export const startKnowingShoppers = async ({ origin, count }: { origin: string; count: number }): Promise<KnowingShoppers> => {
  const judged: Judged = { stale: [], steps: 0 };
  const shoppers = await Promise.all(Array.from({ length: count }, () => aShopper(origin)));
  let over = false;
  const isOver = () => over;
  const running = Promise.all(shoppers.flatMap((shopper) => [shop(shopper, judged, isOver), watch(shopper, judged, isOver)]));
  const stop = async () => {
    over = true;
    await running;
  };
  return {
    shoppers,
    stale: judged.stale,
    steps: () => judged.steps,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      for (const { client } of shoppers) client.close();
    },
  };
};

const aShopper = async (origin: string): Promise<Known> => {
  const response = await fetch(`${origin}/api/auth/guest`, { method: "POST" });
  const { token }: { token: string } = await response.json();
  return { client: createCartwrightClient({ url: origin, token }), versions: new Map() };
};

const shop = async ({ client, versions }: Known, judged: Judged, isOver: () => boolean): Promise<void> => {
  for (let step = 0, cartId = newCartId(); !isOver(); step++) {
    const { version, position } = await acknowledged(() =>
      step % 11 === 10
        ? client.cart.cancel.mutate({ cartId })
        : client.cart.addItem.mutate({ cartId, productId: productIdOf("prod-456"), quantity: 1 }),
    );
    know(versions, cartId, version);
    await lookAtWhatIsKnown({ client, versions }, judged, { cartId, version, position });
    judged.steps += 1;
    if (step % 11 === 5) await pay(client, cartId);
    if (step % 11 === 10 || step % 11 === 5) cartId = newCartId();
  }
};

const pay = async (client: CartwrightClient, cartId: CartId) => {
  const { quoteHash } = await acknowledged(() => client.cart.quote.mutate({ cartId }));
  const paymentToken = PaymentToken.parse("pm_card_visa");
  const contact = { email: "ada@example.com", locale: "en" };
  await acknowledged(() => client.checkout.start.mutate({ cartId, quoteHash, paymentToken, contact }));
};

type Done = { readonly cartId: CartId; readonly version: number; readonly position: bigint };

const lookAtWhatIsKnown = async ({ client, versions }: Known, judged: Judged, { cartId, version, position }: Done) => {
  const view = await acknowledged(() => client.cart.view.query({ cartId, atLeastVersion: version }));
  judge(judged, view.version >= version, `the cart ${cartId} at ${view.version}, known at ${version}`);
  know(versions, cartId, view.version);
  const { items } = await acknowledged(() => client.cart.list.query({ positionOf: cartId, atLeastPosition: position, limit: 100 }));
  const listed = items.find((cart) => cart.cartId === cartId)?.version ?? 0;
  judge(judged, listed >= version, `the list with ${cartId} at ${listed}, known at ${version}`);
};

/** It says what it knows, as every client that shows a cart does. */
const watch = async ({ client, versions }: Known, judged: Judged, isOver: () => boolean): Promise<void> => {
  const shown = new Map<CartId, number>();
  await until(() => isOver() || versions.size > 0, { timeoutMs: 60_000, what: "something to look at" });
  while (!isOver()) {
    const cartIds = [...versions.keys()];
    const cartId = cartIds[Math.floor(Math.random() * cartIds.length)];
    if (cartId === undefined) continue;
    const known = shown.get(cartId) ?? 1;
    const { version } = await acknowledged(() => client.cart.view.query({ cartId, atLeastVersion: known }));
    judge(judged, version >= known, `the cart ${cartId} at ${version}, seen at ${known}`);
    know(shown, cartId, version);
  }
};

const judge = (judged: Judged, isGood: boolean, what: string) => {
  if (!isGood) judged.stale.push(what);
};

const know = (versions: Map<CartId, number>, cartId: CartId, version: number) =>
  void versions.set(cartId, Math.max(version, versions.get(cartId) ?? 0));

/** The client tries again by itself where that may help, and for a while; here it does for as long as it takes. */
const acknowledged = <Answer>(attempt: () => Promise<Answer>): Promise<Answer> =>
  until(attempt, { timeoutMs: 60_000, what: "an answer" }) as Promise<Answer>;
