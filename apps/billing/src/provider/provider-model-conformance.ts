import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, type PaymentId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import fc from "fast-check";
import { expect } from "vitest";
import { type PaymentProvider, ProviderRefused } from "./payment-provider.ts";

export type ProviderModelOptions = { readonly numRuns: number; readonly maxCommands: number; readonly findsByPayment: boolean };

/** Payments are begun, taken, given back and looked for in any order, and stand at the provider as they should. For tests. */
export const providerModel = async (provider: PaymentProvider, options: ProviderModelOptions): Promise<void> => {
  const { numRuns, maxCommands, findsByPayment } = options;
  const at = fc.nat({ max: 30 });
  // Few, so that parts often sum to the whole, and to a little more.
  const percent = fc.constantFrom(5, 45, 50, 55, 100);
  const commands = [
    fc.constantFrom(...tokens).map(authorizes),
    fc.record({ at, percent }).map(captures),
    at.map(voids),
    fc.record({ at, percent }).map(refunds),
    fc.record({ at, byPayment: findsByPayment ? fc.boolean() : fc.constant(false) }).map(finds),
    at.map(asksAgain),
    at.map(changesItsMind),
    ...(findsByPayment ? [fc.constant(findsNobody)] : []),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands, size: "max" }), async (run) => {
      await fc.asyncModelRun(() => ({ model: { payments: [], calls: [] }, real: provider }), run);
    }),
    { numRuns },
  );
};

type Payment = {
  readonly paymentId: PaymentId;
  readonly reference: string | null;
  status: "held" | "asks" | "taken" | "ended" | "declined";
  taken: number;
  readonly refunds: Map<string, number>;
  calls: number;
};

/** A call that changed something, and what it was answered; and the same with another amount under its key. */
type Call = { readonly make: () => Promise<unknown>; readonly changed: (() => Promise<unknown>) | null; readonly answer: unknown };

type Model = { readonly payments: Payment[]; readonly calls: Call[] };
type Command = fc.AsyncCommand<Model, PaymentProvider>;

const tokens = ["pm_card_visa", "pm_card_visa", "pm_card_mastercard", "pm_card_authenticationRequired", "pm_card_chargeDeclined"] as const;
const { signal } = new AbortController();
const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });
const whole = eur(2_000);
/** Never the 1 that stands for another amount. */
const partOf = (percent: number) => eur((whole.amountMinor / 100) * percent);
const picked = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % Math.max(1, items.length)];

/** So that it can come again. */
const keeping = <Request extends object, Answer>(call: (request: Request) => Promise<Answer>, request: Request, answer: Answer): Call => ({
  make: () => call(request),
  changed: "amount" in request ? () => call({ ...request, amount: eur(1) }) : null,
  answer,
});

const authorizes = (token: (typeof tokens)[number]): Command => ({
  check: () => true,
  async run(model, provider) {
    const paymentId = paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
    const request = { key: `${paymentId}:authorize:1`, paymentId, signal, amount: whole, token: PaymentToken.parse(token) };
    const answer = await provider.authorize(request);
    model.calls.push(keeping(provider.authorize, request, answer));
    const status = token === "pm_card_chargeDeclined" ? "declined" : token === "pm_card_authenticationRequired" ? "asks" : "held";
    const outcomes = { declined: "declined", asks: "actionRequired", held: "authorized" } as const;
    expect(answer.outcome).toBe(outcomes[status]);
    const reference = "providerReference" in answer ? answer.providerReference : null;
    model.payments.push({ paymentId, reference, status, taken: 0, refunds: new Map(), calls: 0 });
  },
  toString: () => `authorizes ${token}`,
});

/** A command on a payment that the provider has a name for. */
const on = (
  name: string,
  index: number,
  run: (payment: Payment & { readonly reference: string }, context: { model: Model; provider: PaymentProvider }) => Promise<void>,
): Command => ({
  check: ({ payments }) => picked(payments, index)?.reference != null,
  async run(model, provider) {
    const payment = picked(model.payments, index);
    if (payment?.reference) await run(payment as Payment & { readonly reference: string }, { model, provider });
  },
  toString: () => name,
});

const captures = ({ at, percent }: { at: number; percent: number }) =>
  on(`captures ${percent} % of ${at}`, at, async (payment, { model, provider }) => {
    const key = `${payment.paymentId}:capture:${++payment.calls}`;
    const request = { key, providerReference: payment.reference, amount: partOf(percent), signal };
    const answer = await provider.capture(request);
    if (payment.status === "held") {
      Object.assign(payment, { status: "taken", taken: request.amount.amountMinor });
      model.calls.push(keeping(provider.capture, request, answer));
    }
    expect(answer).toMatchObject(standingOf(payment));
  });

const voids = (at: number) =>
  on(`voids ${at}`, at, async (payment, { model, provider }) => {
    const request = { key: `${payment.paymentId}:void:${++payment.calls}`, providerReference: payment.reference, signal };
    const answer = await provider.void(request);
    if (payment.status === "held" || payment.status === "asks") {
      payment.status = "ended";
      model.calls.push(keeping(provider.void, request, answer));
    }
    expect(answer).toMatchObject(standingOf(payment));
  });

const refunds = ({ at, percent }: { at: number; percent: number }) =>
  on(`refunds ${percent} % of ${at}`, at, async (payment, { model, provider }) => {
    const { paymentId, reference: providerReference } = payment;
    const ordinal = ++payment.calls;
    const refundId = `${paymentId}.r${ordinal}`;
    const request = { key: `${paymentId}:refund:${ordinal}`, paymentId, refundId, providerReference, amount: partOf(percent), signal };
    const answer = await provider.refund(request);
    const { amountMinor } = request.amount;
    const isLeft = amountMinor <= payment.taken - [...payment.refunds.values()].reduce((sum, each) => sum + each, 0);
    if (isLeft) {
      payment.refunds.set(refundId, amountMinor);
      model.calls.push(keeping(provider.refund, request, answer));
    }
    expect(answer).toMatchObject({ refundId, outcome: isLeft ? "refunded" : "failed", amount: request.amount });
  });

const finds = ({ at, byPayment }: { at: number; byPayment: boolean }): Command => ({
  check: ({ payments }) => (byPayment ? payments.length > 0 : picked(payments, at)?.reference != null),
  async run({ payments }, provider) {
    const payment = picked(payments, at);
    if (!payment) return;
    const { paymentId, reference } = payment;
    const found = await provider.find({ paymentId, providerReference: byPayment ? null : reference, signal });
    expect(found.state).toMatchObject(standingOf(payment));
    expect(new Map(found.refunds.map(({ refundId, amount }) => [refundId, amount.amountMinor]))).toEqual(payment.refunds);
  },
  toString: () => `finds ${at}${byPayment ? " by its payment" : ""}`,
});

const findsNobody: Command = {
  check: () => true,
  async run(_, provider) {
    const paymentId = paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
    expect(await provider.find({ paymentId, providerReference: null, signal })).toMatchObject({ state: null, refunds: [] });
  },
  toString: () => "finds nobody",
};

const asksAgain = (at: number): Command => ({
  check: ({ calls }) => calls.length > 0,
  async run({ calls }) {
    const call = picked(calls, at);
    expect(await call?.make()).toEqual(call?.answer);
  },
  toString: () => `asks ${at} again`,
});

/** Under the same key something else: refused, and nothing has changed, as whoever looks next will see. */
const changesItsMind = (at: number): Command => ({
  check: ({ calls }) => picked(calls, at)?.changed != null,
  async run({ calls }) {
    await expect(picked(calls, at)?.changed?.()).rejects.toThrow(ProviderRefused);
  },
  toString: () => `changes what it asked in ${at}`,
});

const standingOf = ({ status, taken }: Payment): object => {
  switch (status) {
    case "held":
      return { outcome: "authorized", amount: whole };
    case "asks":
      return { outcome: "actionRequired" };
    case "taken":
      return { outcome: "captured", amount: eur(taken) };
    case "ended":
      return { outcome: "canceled", reason: "requested" };
    case "declined":
      return { outcome: "declined" };
  }
};
