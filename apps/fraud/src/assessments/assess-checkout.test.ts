import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { Currency } from "@cartwright/contracts/currency";
import type { FraudEvent, FraudInputs } from "@cartwright/contracts/fraud-events";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { specFor } from "@cartwright/decider/spec";
import { describe, expect, test } from "vitest";
import { ruleSet } from "../rules/rule-set.ts";
import { assessCheckout } from "./assess-checkout.ts";
import { type Assessment, assessmentModel } from "./assessment.ts";

const { given } = specFor<Assessment, FraudEvent>(null, assessmentModel.evolve);
const now = Instant.parse("2026-01-31T09:45:00.000Z");
const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const ids = { cartId, checkoutId, paymentId: paymentIdOf(checkoutId) };
const caps = new Map([["EUR", 5_000]]);
const rules = await ruleSet({ caps });

const inputsOf = (amountMinor: number, currency: Currency = "EUR"): FraudInputs => ({
  owner: SubjectId.parse("user-123"),
  ownerKind: "user",
  amount: { amountMinor, currency },
  card: { fingerprint: "fp", brand: "visa", last4: "4242", country: "US", funding: "credit" },
});
const assess = (inputs: FraudInputs) => (assessment: Assessment) => assessCheckout({ ...ids, inputs, rules, now }, assessment);

describe("assessing a checkout", () => {
  test("approves what lies within the cap, to the last cent", () => {
    const inputs = inputsOf(5_000);
    const verdict = { decision: "approved", score: 0, reasons: [] } as const;
    given()
      .when(assess(inputs))
      .yields({ type: "CheckoutAssessed", data: { ...ids, ...verdict, ruleSetVersion: rules.version, inputs, assessedAt: now } });
  });

  test("blocks what lies beyond it, and says by which rule", () =>
    expect(
      given()
        .when(assess(inputsOf(5_001)))
        .leaves(),
    ).toMatchObject({
      decision: "blocked",
      score: 100,
      reasons: [{ rule: "amount-cap", weight: 100 }],
    }));

  test("knows no cap of a currency that has none", () =>
    expect(
      given()
        .when(assess(inputsOf(5_001, "JPY")))
        .leaves(),
    ).toMatchObject({ decision: "approved" }));

  test("is done once, whatever the rules say later", () => {
    const assessed = given()
      .when(assess(inputsOf(1)))
      .leaves();
    if (!assessed) throw new Error("It was assessed");
    given({ type: "CheckoutAssessed", data: assessed })
      .when(assess(inputsOf(9_999)))
      .changesNothing();
  });
});

test("rules with other caps are another version", async () => {
  expect((await ruleSet({ caps })).version).toBe(rules.version);
  expect((await ruleSet({ caps: new Map([["EUR", 5_001]]) })).version).not.toBe(rules.version);
});
