import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { describe, test } from "vitest";
import type { IntentState, Standing } from "../provider/payment-provider.ts";
import type { Payment } from "./payment.ts";
import {
  amount,
  authorized,
  captureBefore,
  checkRequested,
  given,
  held,
  now,
  pasts,
  providerReference,
  rules,
  told,
} from "./payment-spec.ts";
import { recordCheck } from "./record-check.ts";
import { recordIntent } from "./record-intent.ts";
import { requestActionCheck } from "./request-check.ts";

const action = { kind: "redirect", url: "https://bank.example/3ds" } as const;
const required: BillingEvent = { type: "PaymentActionRequired", data: { ...held, action, requiredAt: now } };
const wanted: IntentState = { outcome: "actionRequired", providerReference, action };
const yes: IntentState = { outcome: "authorized", providerReference, amount, captureBefore };

const standing = (state: IntentState): Standing => ({ state, refunds: [], disputes: [] });
const answer = (state: IntentState) => (payment: Payment) => recordCheck({ standing: standing(state), now, ...rules }, payment);
const comeBack = (payment: Payment) => requestActionCheck({ now }, payment);

describe("a shopper who says that they were at their bank", () => {
  const waiting = [...pasts.requested, required];

  test("and were not is asked for it again, and the provider is asked again when they say it again", () => {
    given(...waiting)
      .when(comeBack)
      .yields(checkRequested());
    given(...waiting, checkRequested())
      .when(answer(wanted))
      .yields(required);
    given(...waiting, checkRequested(), required)
      .when(comeBack)
      .yields(checkRequested(2));
    given(...waiting, checkRequested(), required, checkRequested(2))
      .when(answer(yes))
      .yields(authorized);
  });

  test("is asked by a check alone: what the provider tells late, or answers a call, is known", () => {
    given(...waiting)
      .when((payment) => recordIntent({ state: wanted, now, told, ...rules }, payment))
      .changesNothing();
    given(...waiting)
      .when((payment) => recordIntent({ state: wanted, now, ...rules }, payment))
      .changesNothing();
  });

  test("and was there before the check was answered is not asked any more", () => {
    given(...waiting, checkRequested(), authorized)
      .when(answer(wanted))
      .changesNothing();
  });
});
