import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { describe, expect, test } from "vitest";
import { type PaymentProvider, ProviderRefused } from "./payment-provider.ts";

/** What the service relies on, of whatever provider and its books. For tests. */
export const providerConformance = (open: () => Promise<AsyncDisposable & { readonly provider: PaymentProvider }>): void => {
  const signal = new AbortController().signal;
  const aPayment = () => paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
  const asked = (token: string, paymentId = aPayment()) => ({
    ...{ key: `${paymentId}:authorize:1`, paymentId, signal },
    amount: { amountMinor: 2_000, currency: "EUR" } as const,
    token: PaymentToken.parse(token),
  });
  const promise = (name: string, run: (provider: PaymentProvider) => Promise<void>) =>
    test(name, async () => {
      await using opened = await open();
      await run(opened.provider);
    }, 30_000);

  describe("the provider", () => {
    promise("tells of the card behind a token, and of a token that it does not know", async (provider) => {
      const known = await provider.inspect({ token: PaymentToken.parse("pm_card_visa"), signal });
      expect(known).toMatchObject({ outcome: "card", card: { brand: "visa", last4: "4242", funding: "credit" } });
      const unknown = await provider.inspect({ token: PaymentToken.parse("pm_nobody"), signal });
      expect(unknown).toEqual({ outcome: "refused", code: "resource_missing" });
    });

    promise("authorizes once for a key, however often and however parallel it is asked", async (provider) => {
      const request = asked("pm_card_visa");
      const answers = await Promise.all(Array.from({ length: 5 }, () => provider.authorize(request)));
      answers.push(await provider.authorize(request));
      expect(answers[0]).toMatchObject({ outcome: "authorized" });
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

    promise("takes or gives back what it holds, and not both", async (provider) => {
      const held = async () => {
        const answer = await provider.authorize(asked("pm_card_visa"));
        if (answer.outcome !== "authorized") throw new Error("declined");
        return answer.providerReference;
      };
      const amount = { amountMinor: 2_000, currency: "EUR" } as const;
      const [taken, given] = [await held(), await held()];
      await provider.capture({ key: `${taken}:capture:1`, providerReference: taken, amount, signal });
      await provider.capture({ key: `${taken}:capture:1`, providerReference: taken, amount, signal });
      await provider.void({ key: `${given}:void:1`, providerReference: given, signal });
      await provider.void({ key: `${given}:void:1`, providerReference: given, signal });
      await expect(provider.void({ key: `${taken}:void:1`, providerReference: taken, signal })).rejects.toThrow(ProviderRefused);
      await expect(provider.capture({ key: `${given}:capture:1`, providerReference: given, amount, signal })).rejects.toThrow(
        ProviderRefused,
      );
    });
  });
};
