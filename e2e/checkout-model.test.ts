import type { BillingRouter } from "@cartwright/billing/router";
import { type CartwrightClient, createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { type CartId, type CheckoutId, IdempotencyKey, OrderId, PaymentId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { CouponCode, StockId } from "@cartwright/contracts/pricing-shapes";
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, httpLink } from "@trpc/client";
import fc from "fast-check";
import superjson from "superjson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreed } from "./agreed.ts";
import { type Promised, wrongAtRest } from "./checkout-oracle.ts";

/** Cards that pay, that do not, that ask the shopper, and providers that answer late, twice, too early or not at first. */
const cards = [
  ...["pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_sim_capture_refused_once"],
  ...["pm_sim_slow", "pm_sim_timeout_then_success", "pm_sim_error_after_charge", "pm_sim_duplicate_webhooks", "pm_sim_webhook_first"],
];
const shoppers = 4;

type Step =
  | { readonly do: "fill" | "coupon" | "payAgain" | "giveUp" | "confirm" | "cancelOrder"; readonly who: number }
  | { readonly do: "pay"; readonly who: number; readonly card: string }
  | { readonly do: "bank"; readonly who: number; readonly answer: "confirm" | "fail" }
  | { readonly do: "shopCancels"; readonly who: number; readonly restock: boolean }
  | { readonly do: "refund"; readonly who: number }
  | { readonly do: "letThemFinish" }
  | { readonly do: "rest" }
  | { readonly do: "restart" };

const who = fc.nat({ max: shoppers - 1 });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: who.map((index) => ({ do: "fill", who: index }) as const) },
  { weight: 2, arbitrary: who.map((index) => ({ do: "coupon", who: index }) as const) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("pay" as const), who, card: fc.constantFrom(...cards) }) },
  { weight: 3, arbitrary: who.map((index) => ({ do: "payAgain", who: index }) as const) },
  { weight: 2, arbitrary: who.map((index) => ({ do: "giveUp", who: index }) as const) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("bank" as const), who, answer: fc.constantFrom("confirm" as const, "fail" as const) }),
  },
  { weight: 2, arbitrary: who.map((index) => ({ do: "confirm", who: index }) as const) },
  { weight: 1, arbitrary: who.map((index) => ({ do: "cancelOrder", who: index }) as const) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("shopCancels" as const), who, restock: fc.boolean() }) },
  { weight: 1, arbitrary: who.map((index) => ({ do: "refund", who: index }) as const) },
  { weight: 5, arbitrary: fc.constant({ do: "letThemFinish" } as const) },
  { weight: 3, arbitrary: fc.constant({ do: "rest" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" } as const) },
);

let db: TestDatabase;
let signingKey: Awaited<ReturnType<typeof generateSigningKey>>;
let system: Awaited<ReturnType<typeof openEmbedded>>;
const environment = {
  ...{ CHECKOUT_DEADLINE: "5s", PAYMENT_TIMEOUT: "1s", CAPTURE_RETRY_DELAY: "200ms", CAPTURE_ATTEMPTS: "3" },
  ...{ DEFAULT_CURRENCY: "EUR", AUTHORIZATION_MARGIN: "1h" },
};
const open = () => openEmbedded({ postgres: db.options, environment, signingKey });
beforeAll(async () => {
  db = await testDatabase();
  signingKey = await generateSigningKey();
  system = await open();
}, 60_000);
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
}, 60_000);

type Shopper = {
  /** Until then. */
  busy: Promise<unknown>;
  token: string;
  cartId: CartId;
  lastPaid?: Awaited<ReturnType<typeof agreed>> & { paymentToken: PaymentToken; idempotencyKey: IdempotencyKey };
  checkoutId?: CheckoutId;
};

/** One shop for each run: a product with its stock, and a coupon. */
const openShop = async (run: string) => {
  const merchant = createCartwrightClient({ url: system.cartUrl, token: await system.token("catalog:write", "shop:write", "stock:write") });
  const [productId, stockId, coupon] = [productIdOf(`piece-${run}`), StockId.parse(`stock-${run}`), CouponCode.parse(`C-${run}`)];
  const promised: Omit<Promised, "cartIds"> = { stockId, pieces: 5, coupon, maxUses: 2 };
  const prices = [{ amountMinor: 2_000, currency: "EUR" as const }];
  await merchant.catalog.put.mutate({ productId, name: "Piece", prices, stockId });
  await merchant.stock.set.mutate({ stocks: [{ stockId, onHand: promised.pieces }] });
  const discount = { kind: "percentage", ratePpm: 500_000 } as const;
  await merchant.coupon.put.mutate({ code: coupon, discount, maxUses: promised.maxUses });
  merchant.close();
  return { productId, coupon, promised };
};

/** Refusals are answers here, and so is a system that is just being started again: what counts is what is true in the end. */
const whateverIsAnswered = async <Answer>(call: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await call;
  } catch {
    return undefined;
  }
};

const play = async (run: string, steps: readonly Step[]): Promise<Promised> => {
  const { productId, coupon, promised } = await openShop(run);
  const cartIds: CartId[] = [];
  const people = await Promise.all(
    Array.from({ length: shoppers }, async (): Promise<Shopper> => {
      const response = await fetch(`${system.cartUrl}/api/auth/guest`, { method: "POST" });
      const { token }: { token: string } = await response.json();
      const cartId = newCartId();
      cartIds.push(cartId);
      return { busy: Promise.resolve(), token, cartId };
    }),
  );
  const clients = new Map<Shopper, CartwrightClient>();
  const clientOf = (shopper: Shopper) => {
    const known = clients.get(shopper) ?? createCartwrightClient({ url: system.cartUrl, token: shopper.token, WebSocket: null });
    clients.set(shopper, known);
    return known;
  };
  const letThemFinish = () => Promise.all(people.map(({ busy }) => busy));
  const restart = async () => {
    await letThemFinish();
    for (const client of clients.values()) client.close();
    clients.clear();
    await system[Symbol.asyncDispose]();
    system = await open();
  };
  /** Or waits for the shopper. */
  const hasComeToRest = async (shopper: Shopper) => {
    const { checkoutId } = shopper;
    if (!checkoutId) return;
    const isAtRest = async () => {
      const { status } = await clientOf(shopper).checkout.status.query({ checkoutId });
      if (status !== "Ordered") return status === "Failed" || status === "ActionRequired";
      return (await clientOf(shopper).order.get.query({ orderId: OrderId.parse(checkoutId) })).status !== "placed";
    };
    await until(isAtRest, { timeoutMs: 20_000, what: "a checkout at rest" });
  };
  const acts: {
    readonly [Name in Exclude<Step["do"], "letThemFinish" | "rest" | "restart">]: (shopper: Shopper, step: Step) => Promise<unknown>;
  } = {
    fill: async (shopper) => {
      const answer = await whateverIsAnswered(clientOf(shopper).cart.addItem.mutate({ cartId: shopper.cartId, productId, quantity: 1 }));
      if (answer) return;
      // What was in it is ordered, or being paid: the next cart.
      const view = await whateverIsAnswered(clientOf(shopper).cart.view.query({ cartId: shopper.cartId }));
      if (view?.status !== "Ordered") return;
      shopper.cartId = newCartId();
      cartIds.push(shopper.cartId);
      await whateverIsAnswered(clientOf(shopper).cart.addItem.mutate({ cartId: shopper.cartId, productId, quantity: 1 }));
    },
    coupon: (shopper) => whateverIsAnswered(clientOf(shopper).cart.applyCoupon.mutate({ cartId: shopper.cartId, code: coupon })),
    pay: async (shopper, step) => {
      if (step.do !== "pay") return;
      const idempotencyKey = IdempotencyKey.parse(crypto.randomUUID());
      const paying = { cartId: shopper.cartId, paymentToken: PaymentToken.parse(step.card), idempotencyKey };
      const input = await whateverIsAnswered(agreed(clientOf(shopper), paying));
      if (!input) return;
      shopper.lastPaid = input;
      const started = await whateverIsAnswered(clientOf(shopper).checkout.start.mutate(input));
      if (started) shopper.checkoutId = started.checkoutId;
    },
    payAgain: async (shopper) => {
      const { lastPaid } = shopper;
      if (lastPaid) await Promise.all([1, 2].map(() => whateverIsAnswered(clientOf(shopper).checkout.start.mutate(lastPaid))));
    },
    giveUp: async (shopper) =>
      shopper.checkoutId && whateverIsAnswered(clientOf(shopper).checkout.cancel.mutate({ checkoutId: shopper.checkoutId })),
    confirm: async (shopper) =>
      shopper.checkoutId && whateverIsAnswered(clientOf(shopper).checkout.confirmAction.mutate({ checkoutId: shopper.checkoutId })),
    bank: async (shopper, step) => {
      if (step.do !== "bank" || !shopper.checkoutId) return;
      const checkout = await whateverIsAnswered(clientOf(shopper).checkout.status.query({ checkoutId: shopper.checkoutId }));
      if (!checkout?.action) return;
      const body = new URLSearchParams({ answer: step.answer });
      await whateverIsAnswered(fetch(checkout.action.url, { method: "POST", body, redirect: "manual" }));
    },
    cancelOrder: async (shopper) =>
      shopper.checkoutId && whateverIsAnswered(clientOf(shopper).order.cancel.mutate({ orderId: OrderId.parse(shopper.checkoutId) })),
    shopCancels: async (shopper, step) => {
      if (step.do !== "shopCancels" || !shopper.checkoutId) return;
      const support = createCartwrightClient({ url: system.cartUrl, token: await system.token("cart:support"), WebSocket: null });
      const command = { orderId: OrderId.parse(shopper.checkoutId), restock: step.restock, reason: "the model says so" };
      await whateverIsAnswered(support.order.cancel.mutate(command));
      support.close();
    },
    refund: async (shopper) => {
      if (!shopper.checkoutId) return;
      const headers = { authorization: `Bearer ${await system.token("billing:write")}` };
      const billing = createTRPCClient<BillingRouter>({
        links: [httpLink({ url: `${system.services.billing}/trpc`, headers, transformer: superjson })],
      });
      const amount = { amountMinor: 100, currency: "EUR" } as const;
      await whateverIsAnswered(billing.payment.refund.mutate({ paymentId: PaymentId.parse(shopper.checkoutId), amount }));
    },
  };
  for (const shopper of people) shopper.busy = acts.fill(shopper, { do: "fill", who: 0 });
  for (const step of steps) {
    if (step.do === "letThemFinish" || step.do === "rest") await letThemFinish();
    if (step.do === "rest") await Promise.all(people.map(hasComeToRest));
    if (step.do === "letThemFinish" || step.do === "rest") continue;
    if (step.do === "restart") await restart();
    else {
      const shopper = people[step.who];
      // Each does one thing after another; what they do meets what the others do, and what the services do meanwhile.
      if (shopper) shopper.busy = shopper.busy.then(() => acts[step.do](shopper, step));
    }
  }
  await letThemFinish();
  for (const client of clients.values()) client.close();
  return { ...promised, cartIds };
};

/** The first run goes through each of these, or nothing would be shown. */
const example: readonly Step[] = [
  { do: "coupon", who: 0 },
  ...["pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired", "pm_sim_error_after_charge"].map(
    (card, index) => ({ do: "pay", who: index, card }) as const,
  ),
  { do: "rest" },
  { do: "bank", who: 2, answer: "confirm" },
  { do: "refund", who: 0 },
  { do: "shopCancels", who: 3, restock: false },
  { do: "rest" },
  { do: "restart" },
];

test("whatever shoppers, banks, the shop and restarts do in whatever order: at rest there is one order a checkout, and all the books agree", async () => {
  let run = 0;
  const seen = async () => {
    const rows = await db.sql<{ type: string }[]>`select distinct type from cart.event union select distinct type from billing.event`;
    return rows.map(({ type }) => type);
  };
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 40, maxLength: 90, size: "max" }), async (steps) => {
      run += 1;
      const promised = await play(`${process.pid}-${run}`, steps);
      let wrong: readonly string[] = [];
      const isAtRest = async () => {
        wrong = await wrongAtRest(db.sql, promised);
        return wrong.length === 0;
      };
      await until(isAtRest, { timeoutMs: 30_000, what: "rest" }).catch(() => {});
      expect(wrong).toEqual([]);
    }),
    { interruptAfterTimeLimit: 45_000, markInterruptAsFailure: false, numRuns: 1_000, endOnFailure: true, examples: [[[...example]]] },
  );
  // Or nothing was shown.
  expect(await seen()).toEqual(
    expect.arrayContaining(["OrderPaid", "OrderCancelled", "CheckoutFailed", "PaymentRefunded", "PaymentDeclined"]),
  );
}, 180_000);
