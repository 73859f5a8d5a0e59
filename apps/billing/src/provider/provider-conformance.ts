import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { type PaymentProvider, ProviderAway, ProviderRefused } from "./payment-provider.ts";
import { type ProviderModelOptions, providerModel } from "./provider-model-conformance.ts";

export type ProviderConformanceOptions = Omit<ProviderModelOptions, "findsByPayment"> & {
  /** How long the provider takes to find, to settle and to tell what it has said. */
  readonly patienceMs: number;
};

/** What the service relies on, of whatever provider and its books. For tests. */
export const providerConformance = (
  open: () => Promise<AsyncDisposable & { readonly provider: PaymentProvider }>,
  { patienceMs, ...model }: ProviderConformanceOptions,
): void => {
  const eventually = { timeoutMs: patienceMs };
  const promise = (name: string, run: (provider: PaymentProvider) => Promise<void>) =>
    test(name, async () => {
      await using opened = await open();
      await run(opened.provider);
    }, 120_000);

  describe("the provider", () => {
    promise("tells of the card behind a token, and of a token that it does not know", async (provider) => {
      const known = await provider.inspect({ token: PaymentToken.parse("pm_card_visa"), signal });
      expect(known).toMatchObject({ outcome: "card", card: { brand: "visa", last4: "4242", funding: "credit" } });
      const unknown = await provider.inspect({ token: PaymentToken.parse("pm_nobody"), signal });
      expect(unknown).toEqual({ outcome: "refused", code: "resource_missing" });
    });

    promise("authorizes once for a key, however often and however parallel it is asked", async (provider) => {
      const request = asked("pm_card_visa");
      const answers = await Promise.all(Array.from({ length: 5 }, () => insisting(() => provider.authorize(request))));
      answers.push(await provider.authorize(request));
      expect(answers[0]).toMatchObject({ outcome: "authorized", amount });
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await provider.authorize(asked("pm_card_visa"))).not.toEqual(answers[0]);
    });

    promise("says why a card does not pay, and says so again", async (provider) => {
      const request = asked("pm_card_chargeDeclinedInsufficientFunds");
      const no = { outcome: "declined", code: "insufficient_funds" } as const;
      expect(await provider.authorize(request)).toEqual(no);
      expect(await provider.authorize(request)).toEqual(no);
    });

    promise("refuses a key that comes with another request", async (provider) => {
      const request = asked("pm_card_visa");
      await provider.authorize(request);
      await expect(provider.authorize({ ...request, token: PaymentToken.parse("pm_card_amex") })).rejects.toThrow(ProviderRefused);
    });

    promise("says where the shopper has to go, and gives up what they do not confirm", async (provider) => {
      const request = asked("pm_card_authenticationRequired");
      const answer = await provider.authorize(request);
      expect(answer).toMatchObject({ outcome: "actionRequired", action: { kind: "redirect" } });
      const providerReference = referenceOf(answer);
      expect(await provider.find({ paymentId: request.paymentId, providerReference, signal })).toMatchObject({
        state: answer,
        refunds: [],
      });
      const ended = await provider.void({ key: `${request.paymentId}:void:1`, providerReference, signal });
      expect(ended).toEqual({ outcome: "canceled", providerReference, reason: "requested" });
    });

    promise(
      "knows a payment by our name for it, as a declined one too, and nothing of one that it was never asked for",
      async (provider) => {
        const [held, declined, nobody] = [asked("pm_card_visa"), asked("pm_card_chargeDeclinedInsufficientFunds"), asked("pm_card_visa")];
        const answer = await provider.authorize(held);
        await provider.authorize(declined);
        const byPayment = ({ paymentId }: typeof held) => provider.find({ paymentId, providerReference: null, signal });
        const known = async () => [(await byPayment(held)).state, (await byPayment(declined)).state?.outcome];
        await until(async () => !(await known()).includes(undefined) && (await known())[0] !== null, {
          ...eventually,
          what: "both payments",
        });
        expect(await known()).toEqual([answer, "declined"]);
        expect(await byPayment(nobody)).toEqual({ state: null, refunds: [], disputes: [] });
      },
    );

    promise("takes and gives back once under a key, and nothing else under it", async (provider) => {
      const { paymentId, ...request } = asked("pm_card_visa");
      const providerReference = referenceOf(await provider.authorize({ paymentId, ...request }));
      const capture = { key: `${paymentId}:capture:1`, providerReference, amount, signal };
      await provider.capture(capture);
      const less = { amountMinor: 500, currency: "EUR" } as const;
      await expect(provider.capture({ ...capture, amount: less })).rejects.toThrow(ProviderRefused);
      const refund = { key: `${paymentId}:refund:1`, refundId: `${paymentId}.r1`, paymentId, providerReference, amount: less, signal };
      await provider.refund(refund);
      await expect(provider.refund({ ...refund, amount })).rejects.toThrow(ProviderRefused);
      const standing = await provider.find({ paymentId, providerReference, signal });
      expect(standing).toMatchObject({ state: { outcome: "captured", amount }, refunds: [{ outcome: "refunded", amount: less }] });
      expect(standing.refunds).toHaveLength(1);
    });

    promise("tells of money that is on its way back, that has come back to us, and that the card's holder asks for", async (provider) => {
      const taken = async (token: string) => {
        const { paymentId, ...request } = asked(token);
        const providerReference = referenceOf(await provider.authorize({ paymentId, ...request }));
        await provider.capture({ key: `${paymentId}:capture:1`, providerReference, amount, signal });
        const refund = { key: `${paymentId}:refund:1`, refundId: `${paymentId}.r1`, paymentId, providerReference, amount, signal };
        return { refund: () => provider.refund(refund), find: () => provider.find({ paymentId, providerReference, signal }) };
      };
      const [late, returned, disputed] = await Promise.all(
        ["pm_card_pendingRefund", "pm_card_refundFail", "pm_card_createDispute"].map(taken),
      );
      if (!late || !returned || !disputed) throw new Error("three payments");
      expect((await late.refund()).outcome).toBe("pending");
      expect((await returned.refund()).outcome).toBe("refunded");
      const outcome = async ({ find }: typeof late) => (await find()).refunds[0]?.outcome;
      await until(async () => (await outcome(late)) === "refunded", { ...eventually, what: "the refund" });
      await until(async () => (await outcome(returned)) === "failed", { ...eventually, what: "the refund's return" });
      const { disputes } = await until(
        async () => {
          const standing = await disputed.find();
          return standing.disputes.length > 0 && standing;
        },
        { ...eventually, what: "the dispute" },
      );
      expect(disputes).toMatchObject([{ amount, stage: "chargeback", outcome: null }]);
    });

    promise("stands by what it has done, whatever is asked in whatever order", async (provider) => {
      // What was just begun may not be found by our name for it yet.
      await providerModel(provider, { ...model, findsByPayment: patienceMs < 10_000 });
    });

    promise("takes or gives back what it holds, and not both", async (provider) => {
      const held = async () => referenceOf(await provider.authorize(asked("pm_card_visa")));
      const [taken, given] = [await held(), await held()];
      const capture = { key: `${taken}:capture:1`, providerReference: taken, amount, signal };
      const captured = { outcome: "captured", providerReference: taken, amount } as const;
      expect(await provider.capture(capture)).toEqual(captured);
      expect(await provider.capture(capture)).toEqual(captured);
      const cancel = { key: `${given}:void:1`, providerReference: given, signal };
      const canceled = { outcome: "canceled", providerReference: given, reason: "requested" } as const;
      expect(await provider.void(cancel)).toEqual(canceled);
      expect(await provider.void(cancel)).toEqual(canceled);
      expect(await provider.void({ key: `${taken}:void:1`, providerReference: taken, signal })).toEqual(captured);
      expect(await provider.capture({ ...capture, key: `${given}:capture:1`, providerReference: given })).toEqual(canceled);
    });

    promise("takes a part, and gives parts of that back, never more than it took", async (provider) => {
      const { paymentId, ...request } = asked("pm_card_visa");
      const providerReference = referenceOf(await provider.authorize({ paymentId, ...request }));
      const part = { amountMinor: 1_500, currency: "EUR" } as const;
      const captured = await provider.capture({ key: `${paymentId}:capture:1`, providerReference, amount: part, signal });
      expect(captured).toEqual({ outcome: "captured", providerReference, amount: part });
      const refund = (ordinal: number, amountMinor: number) => ({
        ...{ key: `${paymentId}:refund:${ordinal}`, refundId: `${paymentId}.r${ordinal}`, paymentId, providerReference, signal },
        amount: { amountMinor, currency: "EUR" } as const,
      });
      const first = { outcome: "refunded", refundId: `${paymentId}.r1`, amount: { amountMinor: 1_000, currency: "EUR" } } as const;
      expect(await provider.refund(refund(1, 1_000))).toEqual(first);
      expect(await provider.refund(refund(1, 1_000))).toEqual(first);
      expect(await provider.refund(refund(2, 1_000))).toMatchObject({ outcome: "failed" });
      expect(await provider.refund(refund(3, 500))).toMatchObject({ outcome: "refunded" });
      const standing = await provider.find({ paymentId, providerReference, signal });
      expect(standing.state).toEqual(captured);
      expect(standing.refunds.map(({ refundId, outcome }) => [refundId, outcome]).sort()).toEqual([
        [`${paymentId}.r1`, "refunded"],
        [`${paymentId}.r3`, "refunded"],
      ]);
    });
  });
};

const signal = new AbortController().signal;
const amount = { amountMinor: 2_000, currency: "EUR" } as const;

const asked = (token: string) => {
  const paymentId = paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
  return { key: `${paymentId}:authorize:1`, paymentId, signal, amount, token: PaymentToken.parse(token) };
};

const referenceOf = (answer: object): string => {
  if (!("providerReference" in answer) || typeof answer.providerReference !== "string") throw new Error(JSON.stringify(answer));
  return answer.providerReference;
};

/** While a call under the key is under way, the others are told to come again. */
const insisting = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProviderAway)) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
};
