import type { FraudEvent, FraudInputs } from "@cartwright/contracts/fraud-events";
import type { CartId, CheckoutId, PaymentId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { RuleSet } from "../rules/rule-set.ts";
import type { Assessment } from "./assessment.ts";

export type AssessCheckout = {
  checkoutId: CheckoutId;
  cartId: CartId;
  paymentId: PaymentId;
  inputs: FraudInputs;
  rules: RuleSet;
  now: Instant;
};

/** A checkout is assessed once, by the rules of that moment, and what they looked at is written down. */
export const assessCheckout = (command: AssessCheckout, assessment: Assessment): Decision<FraudEvent, never> => {
  if (assessment) return accept();
  const { checkoutId, cartId, paymentId, inputs, rules, now } = command;
  const verdict = rules.judge(inputs);
  const data = { checkoutId, cartId, paymentId, ...verdict, ruleSetVersion: rules.version, inputs, assessedAt: now };
  return accept({ type: "CheckoutAssessed", data });
};
