import type { FraudDecision, FraudInputs, FraudReason } from "@cartwright/contracts/fraud-events";
import { type AmountCaps, amountCap } from "./amount-cap.ts";

/** The rules of a moment. The same version judges the same inputs the same. */
export type RuleSet = {
  readonly version: string;
  judge(inputs: FraudInputs): Verdict;
};

export type Verdict = { readonly decision: FraudDecision; readonly score: number; readonly reasons: readonly FraudReason[] };

const blockedFrom = 70;

/** The rules as they are configured. */
export const ruleSet = async ({ caps }: { readonly caps: AmountCaps }): Promise<RuleSet> => {
  const rules = [amountCap(caps)];
  return {
    version: await versionOf(caps),
    judge(inputs) {
      const reasons = rules.flatMap((rule) => rule(inputs) ?? []);
      const score = Math.min(
        100,
        reasons.reduce((sum, { weight }) => sum + weight, 0),
      );
      return { decision: score >= blockedFrom ? "blocked" : "approved", score, reasons };
    },
  };
};

/** Of the rules' code, and of what they are configured with. */
const versionOf = async (caps: AmountCaps): Promise<string> => {
  const text = [...caps].map(([currency, amountMinor]) => `${currency}=${amountMinor}`).toSorted();
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text.join())));
  return `1-${bytes.toHex().slice(0, 12)}`;
};
