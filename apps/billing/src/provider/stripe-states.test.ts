import { expect, test } from "vitest";
import { disputeStateOf, intentStateOf } from "./stripe-states.ts";

test.each([
  ["warning_needs_response", "inquiry", "open"],
  ["warning_under_review", "inquiry", "open"],
  ["warning_closed", "inquiry", "inquiryClosed"],
  ["prevented", "inquiry", "prevented"],
  ["needs_response", "chargeback", "open"],
  ["under_review", "chargeback", "open"],
  ["won", "chargeback", "won"],
  ["lost", "chargeback", "lost"],
  ["something_newer", "chargeback", "open"],
] as const)("a dispute that is %s for Stripe is known by its stage, %s, and its outcome, %s", (status, stage, outcome) => {
  const facts = { id: "dp_1", amount: 2_000, currency: "eur", reason: "fraudulent" };
  // Of Stripe's object this is what is read.
  const dispute = disputeStateOf({ ...facts, status } as unknown as Parameters<typeof disputeStateOf>[0]);
  expect(dispute).toEqual({
    ...{ disputeReference: "dp_1", amount: { amountMinor: 2_000, currency: "EUR" }, reason: "fraudulent" },
    ...{ stage, outcome: outcome === "open" ? null : outcome },
  });
});

test.each([
  ["expired", "expired"],
  ["automatic", "expired"],
  ["requested_by_customer", "requested"],
  [null, "requested"],
] as const)("an intent that Stripe has canceled as %s is %s", (cancellation_reason, reason) => {
  const intent = { id: "pi_1", currency: "eur", status: "canceled", cancellation_reason };
  const state = intentStateOf(intent as unknown as Parameters<typeof intentStateOf>[0]);
  expect(state).toEqual({ outcome: "canceled", providerReference: "pi_1", reason });
});
