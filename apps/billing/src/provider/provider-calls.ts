import type { Instant } from "@cartwright/contracts/instant";
import type { IntentKind, Reconciled } from "@cartwright/messaging/intents";
import { recordCaptureRefusal } from "../payments/record-capture-refusal.ts";
import { recordCheck } from "../payments/record-check.ts";
import { recordInspection } from "../payments/record-inspection.ts";
import { recordIntent } from "../payments/record-intent.ts";
import { type RefundRules, recordRefund } from "../payments/record-refund.ts";
import type { BillingReactionDeps } from "../reactions/billing-reaction.ts";
import { type CallRefused, type IntentState, type PaymentProvider, ProviderAway, type RefundState } from "./payment-provider.ts";
import { calling } from "./provider-call.ts";
import { callPayloads } from "./provider-requests.ts";

export type ProviderCallsDeps = BillingReactionDeps &
  RefundRules & {
    /** How often a capture that is refused is tried by itself. */
    readonly maxCaptureAttempts: number;
  };

/** How each call is carried out, what is asked where its outcome is not known, and what becomes of the payment then. */
export const providerCalls = (provider: PaymentProvider, deps: ProviderCallsDeps): Readonly<Record<string, IntentKind<unknown>>> => ({
  ...asking(provider, deps),
  ...moving(provider, deps),
});

const rulesOf = ({ maxRefundAttempts }: RefundRules): RefundRules => ({ maxRefundAttempts });

const asking = (provider: PaymentProvider, deps: ProviderCallsDeps) => ({
  inspect: calling(deps, {
    payload: callPayloads.inspect,
    call: ({ token }, { signal }) => provider.inspect({ token, signal }),
    decide:
      (inspection, { now }) =>
      (payment) =>
        recordInspection({ inspection, now }, payment),
  }),
  authorize: calling(deps, {
    operation: "authorize",
    payload: callPayloads.authorize,
    call: async (asked, keyed) => decided(await provider.authorize({ ...asked, ...keyed })),
    // What did not answer may have acted, and answers the same under its key: it is looked for first.
    find: async ({ paymentId, requestedAt }, { signal }): Promise<Reconciled<IntentState>> => {
      const { state } = await provider.find({ paymentId, providerReference: null, signal });
      if (state) return state.outcome === "pending" ? { found: "pending" } : { found: "outcome", outcome: state };
      if (!isForgotten(requestedAt, deps.now())) return { found: "nothing" };
      return { found: "outcome", outcome: { outcome: "failed", code: "never_reached_provider" } };
    },
    letGo: ({ isWithdrawn, unknown }, now): IntentState | null => {
      if (!isWithdrawn) return null;
      const tried = unknown.find(({ operation }) => operation === "authorize");
      if (tried && now.getTime() - Date.parse(tried.since) < SHOWN_AFTER_MS) throw new ProviderAway("what was tried may not be shown yet");
      return { outcome: "failed", code: WITHDRAWN };
    },
    decide:
      (state: IntentState, { now }) =>
      (payment) =>
        recordIntent({ state, now, ...rulesOf(deps) }, payment),
  }),
  check: calling(deps, {
    payload: callPayloads.check,
    call: (asked, { signal }) => provider.find({ ...asked, signal }),
    decide:
      (standing, { now }) =>
      (payment) =>
        recordCheck({ standing, now, ...rulesOf(deps) }, payment),
  }),
});

const moving = (provider: PaymentProvider, deps: ProviderCallsDeps) => ({
  capture: calling(deps, {
    operation: "capture",
    payload: callPayloads.capture,
    call: async (asked, keyed) => decided(await provider.capture({ ...asked, ...keyed })),
    find: async ({ paymentId, providerReference }, { signal, faults }): Promise<Reconciled<IntentState | CallRefused>> => {
      const { state } = await provider.find({ paymentId, providerReference, signal });
      if (state?.outcome === "captured" || state?.outcome === "canceled") return { found: "outcome", outcome: state };
      if (state?.outcome === "pending") return { found: "pending" };
      // Its key answers with the same fault for ever, and the money was not taken: that attempt is over.
      return faults < FRUITLESS ? { found: "nothing" } : { found: "outcome", outcome: { outcome: "refused", code: FAULT } };
    },
    letGo: ({ isWithdrawn }): IntentState | CallRefused | null => (isWithdrawn ? { outcome: "refused", code: WITHDRAWN } : null),
    decide: (answer: IntentState | CallRefused, { now, asked: { attempt } }) =>
      answer.outcome === "refused"
        ? (payment) => recordCaptureRefusal({ attempt, code: answer.code, maxAttempts: mostAttempts(answer, deps), now }, payment)
        : (payment) => recordIntent({ state: answer, now, ...rulesOf(deps) }, payment),
  }),
  void: calling(deps, {
    operation: "void",
    payload: callPayloads.void,
    call: (asked, keyed) => provider.void({ ...asked, ...keyed }),
    find: async ({ paymentId, providerReference }, { signal }): Promise<Reconciled<IntentState>> => {
      const { state } = await provider.find({ paymentId, providerReference, signal });
      return state?.outcome === "captured" || state?.outcome === "canceled" ? { found: "outcome", outcome: state } : { found: "nothing" };
    },
    decide:
      (state, { now }) =>
      (payment) =>
        recordIntent({ state, now, ...rulesOf(deps) }, payment),
  }),
  refund: calling(deps, {
    operation: "refund",
    payload: callPayloads.refund,
    call: (asked, keyed) => provider.refund({ ...asked, ...keyed }),
    find: async ({ paymentId, providerReference, refundId }, { signal }): Promise<Reconciled<RefundState>> => {
      const { refunds } = await provider.find({ paymentId, providerReference, signal });
      const known = refunds.find((refund) => refund.refundId === refundId);
      return known ? { found: "outcome", outcome: known } : { found: "nothing" };
    },
    decide:
      (refund, { now }) =>
      (payment) =>
        recordRefund({ refund, now, ...rulesOf(deps) }, payment),
  }),
});

/** So many answers under one key, each of a fault, tell that it will never be answered otherwise. No answer tells nothing. */
const FRUITLESS = 6;
const FAULT = "provider_error";

/** Nobody wanted it any more before the provider was asked. */
const WITHDRAWN = "withdrawn";

/** What Stripe has done is found by its metadata within a minute: https://docs.stripe.com/search#data-freshness */
const SHOWN_AFTER_MS = 120_000;

/** A fault of the provider is no refusal: under another key it is asked again until the authorization ends. */
const mostAttempts = ({ code }: CallRefused, { maxCaptureAttempts }: ProviderCallsDeps): number =>
  code === FAULT ? Number.POSITIVE_INFINITY : maxCaptureAttempts;

/** The provider keeps a key for 24 hours at least: what it does not know after that it will not do under it. */
const isForgotten = (requestedAt: Instant | undefined, now: Date) =>
  requestedAt !== undefined && now.getTime() - Date.parse(requestedAt) > 23 * 3_600_000;

/** An answer that says that there is none yet leaves the outcome as unknown as no answer. */
const decided = <State extends IntentState | CallRefused>(state: State): State => {
  if (state.outcome === "pending") throw new ProviderAway("the provider has not decided");
  return state;
};
