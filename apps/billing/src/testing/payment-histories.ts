import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import fc from "fast-check";
import { captureByHand } from "../payments/capture-by-hand.ts";
import type { ExistingPayment, Payment } from "../payments/payment.ts";
import { presentPaymentMethod } from "../payments/present-payment-method.ts";
import { recordCheck } from "../payments/record-check.ts";
import { recordInspection } from "../payments/record-inspection.ts";
import { recordIntent } from "../payments/record-intent.ts";
import { recordRefund } from "../payments/record-refund.ts";
import { referenceOf } from "../payments/reference-of.ts";
import { requestCapture } from "../payments/request-capture.ts";
import { requestPayment } from "../payments/request-payment.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { withdrawPayment } from "../payments/withdraw-payment.ts";
import { stripeProvider } from "../provider/stripe-provider.ts";
import { inMemoryLedger } from "../simulator/in-memory-ledger.ts";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";

/** On which histories begin. */
const days = 4;
export const currencies = ["EUR", "JPY", "KWD"] as const;

/** What becomes of one payment: a step a day, so that a history may go over several days. */
export type History = {
  readonly money: Money;
  readonly token: string;
  readonly begins: number;
  /** In tenths of what is held; none where the order is never placed. */
  readonly taken: number | null;
  /** In tenths of what is held. */
  readonly refunds: readonly number[];
  readonly isCancelled: boolean;
  readonly isWon: boolean;
};

export const history: fc.Arbitrary<History> = fc.record({
  // Stripe takes dinars in steps of ten.
  money: fc.record({
    amountMinor: fc.integer({ min: 1, max: 500 }).map((hundreds) => hundreds * 100),
    currency: fc.constantFrom(...currencies),
  }),
  token: fc.constantFrom(
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_refundFail",
    "pm_card_createDispute",
    "pm_card_chargeDeclined",
  ),
  begins: fc.integer({ min: 0, max: days - 1 }),
  taken: fc.option(fc.integer({ min: 1, max: 10 }), { freq: 6 }),
  refunds: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  isCancelled: fc.boolean(),
  isWon: fc.boolean(),
});

/** A provider with books of its own, and banks that decide disputes. */
export const simulated = (now: () => Date) => {
  const ledger = inMemoryLedger();
  const app = simulatorApp(ledger, { now });
  const fetch = inProcessFetch(app);
  const account = { secretKey: "sk_test_1", url: "http://simulator", timeoutMs: 10_000, returnUrl: "https://shop.example/back" };
  const closeDisputes = async (evidence: string) => {
    for (const { id, status } of await ledger.disputes(null)) {
      if (status !== "needs_response") continue;
      const body = new URLSearchParams({ "evidence[uncategorized_text]": evidence }).toString();
      await app.request(`/v1/disputes/${id}`, { method: "POST", headers: { authorization: "Bearer sk_test_1" }, body });
    }
  };
  return { ledger, closeDisputes, provider: stripeProvider({ ...account, fetch }) };
};

type World = ReturnType<typeof simulated> & {
  readonly handler: CommandHandler<Payment, BillingEvent>;
  readonly now: () => Date;
};

/** The steps of a history, each to be run on its day. */
export const stepsOf = (world: World, history: History): readonly (() => Promise<void>)[] => {
  const payment = begun(world, history);
  const refunds = history.refunds.map((tenths) => async () => {
    const amount = partOf(history, tenths);
    await payment.decide((now) => existing((current) => requestRefund({ amount, now }, current)));
    await carriedOut(world, payment);
  });
  const disputed = async () => {
    await checked(world, payment);
    await world.closeDisputes(history.isWon ? "winning_evidence" : "losing_evidence");
    await checked(world, payment);
  };
  const ends = async () => {
    if (history.isCancelled) await payment.decide((now) => (current) => withdrawPayment({ because: "orderCancelled", now }, current));
    await carriedOut(world, payment);
  };
  // A refund may come back a while after it succeeded.
  const heard = () => checked(world, payment);
  return [() => paid(world, payment, history), () => taken(world, payment, history), disputed, ...refunds, ends, heard];
};

type Step = (payment: Payment) => Decision<BillingEvent, unknown>;
type Begun = ReturnType<typeof begun>;

/** A payment that has ids, and decisions about it at the time of the clock. */
const begun = ({ handler, now }: World, { money: amount, token }: History) => {
  const cartId = CartId.parse(crypto.randomUUID());
  const checkoutId = checkoutIdOf(cartId, 1);
  const paymentId = paymentIdOf(checkoutId);
  const streamId = paymentStreamId(paymentId);
  const who = { owner: SubjectId.parse("user-123"), ownerKind: "user" as const };
  const decide = async (step: (now: Instant) => Step): Promise<Payment> => {
    await handler.handle<unknown>({ streamId, fingerprint: "a test", metadata: {}, decide: step(instantOf(now())) });
    return (await handler.load(streamId)).state;
  };
  return { facts: { paymentId, checkoutId, cartId, ...who, amount, paymentToken: PaymentToken.parse(token) }, decide };
};

const existing =
  (step: (payment: ExistingPayment) => Decision<BillingEvent, unknown>): Step =>
  (payment) =>
    payment.status === "Absent" ? accept() : step(payment);

const partOf = ({ money }: History, tenths: number): Money => ({ ...money, amountMinor: (money.amountMinor / 10) * tenths });

const rules = { maxRefundAttempts: 1 };
const signal = new AbortController().signal;

const paid = async ({ provider }: World, { facts, decide }: Begun, { money: amount }: History) => {
  const { paymentId, paymentToken: token } = facts;
  await decide((now) => (payment) => presentPaymentMethod({ ...facts, now }, payment));
  const inspection = await provider.inspect({ token, signal });
  await decide((now) => (payment) => recordInspection({ inspection, now }, payment));
  await decide((now) => (payment) => requestPayment({ now }, payment));
  const state = await provider.authorize({ key: `${paymentId}:authorize`, paymentId, amount, token, signal });
  await decide((now) => (payment) => recordIntent({ state, now, ...rules }, payment));
};

const taken = async ({ provider }: World, { facts, decide }: Begun, history: History) => {
  if (history.taken === null) return;
  const [orderId, amount] = [orderIdOf(facts.checkoutId), partOf(history, history.taken)];
  await decide((now) => (payment) => requestCapture({ orderId, isManual: true, now }, payment));
  const payment = await decide((now) => existing((current) => captureByHand({ amount, now }, current)));
  if (payment.status !== "CaptureRequested") return;
  const asked = { key: `${facts.paymentId}:capture:1`, providerReference: referenceOf(payment), amount: payment.captureAmount, signal };
  const state = await provider.capture(asked);
  if (state.outcome !== "refused") await decide((now) => (current) => recordIntent({ state, now, ...rules }, current));
};

/** What the payment asks of the provider by now. */
const carriedOut = async ({ provider }: World, { facts: { paymentId }, decide }: Begun) => {
  const payment = await decide(() => () => accept());
  if (payment.status === "Absent") return;
  for (const { refundId, amount, status } of payment.refunds) {
    if (status !== "requested") continue;
    const asked = { key: refundId, paymentId, refundId, providerReference: referenceOf(payment), amount, signal };
    const refund = await provider.refund(asked);
    await decide((now) => (current) => recordRefund({ refund, now, ...rules }, current));
  }
  if (payment.status !== "VoidRequested") return;
  const state = await provider.void({ key: `${paymentId}:void`, providerReference: referenceOf(payment), signal });
  await decide((now) => (current) => recordIntent({ state, now, ...rules }, current));
};

const checked = async ({ provider }: World, { facts: { paymentId }, decide }: Begun) => {
  const payment = await decide(() => () => accept());
  if (payment.status === "Absent" || payment.providerReference === null) return;
  const standing = await provider.find({ paymentId, providerReference: payment.providerReference, signal });
  await decide((now) => (current) => recordCheck({ standing, now, ...rules }, current));
};
