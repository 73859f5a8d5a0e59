import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import { type IntentKind, NotPerformed, type Reconciled, type TakenIntent } from "@cartwright/messaging/intents";
import { settled } from "@cartwright/messaging/reaction";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import { continuedSpan, currentTraceparent } from "@cartwright/service-kit/tracing";
import * as z from "zod";
import type { Payment } from "../payments/payment.ts";
import { recordCaptureRefusal } from "../payments/record-capture-refusal.ts";
import { recordCheck } from "../payments/record-check.ts";
import { recordInspection } from "../payments/record-inspection.ts";
import { recordIntent } from "../payments/record-intent.ts";
import { recordRefund } from "../payments/record-refund.ts";
import { recordUnknown } from "../payments/record-unknown.ts";
import type { BillingReactionDeps } from "../reactions/billing-reaction.ts";
import {
  type CallRefused,
  type IntentState,
  NotAsked,
  type PaymentProvider,
  ProviderAway,
  ProviderRefused,
  type RefundState,
} from "./payment-provider.ts";
import { callPayloads } from "./provider-requests.ts";

export type ProviderCallsDeps = BillingReactionDeps & {
  /** How often a capture that is refused is tried by itself. */
  readonly maxCaptureAttempts: number;
};

/** How each call is carried out, what is asked where its outcome is not known, and what becomes of the payment then. */
export const providerCalls = (provider: PaymentProvider, deps: ProviderCallsDeps): Readonly<Record<string, IntentKind<unknown>>> => ({
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
    decide:
      (state: IntentState, { now }) =>
      (payment) =>
        recordIntent({ state, now }, payment),
  }),
  capture: calling(deps, {
    operation: "capture",
    payload: callPayloads.capture,
    call: (asked, keyed) => provider.capture({ ...asked, ...keyed }),
    find: async ({ paymentId, providerReference }, { signal, attempt }): Promise<Reconciled<IntentState | CallRefused>> => {
      const { state } = await provider.find({ paymentId, providerReference, signal });
      if (state?.outcome === "captured" || state?.outcome === "canceled") return { found: "outcome", outcome: state };
      // Its key answers with the same fault for ever, and the money was not taken: that attempt is over.
      return attempt < FRUITLESS ? { found: "nothing" } : { found: "outcome", outcome: { outcome: "refused", code: "provider_error" } };
    },
    decide: (answer: IntentState | CallRefused, { now, asked: { attempt } }) =>
      answer.outcome === "refused"
        ? (payment) => recordCaptureRefusal({ attempt, code: answer.code, maxAttempts: deps.maxCaptureAttempts, now }, payment)
        : (payment) => recordIntent({ state: answer, now }, payment),
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
        recordIntent({ state, now }, payment),
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
        recordRefund({ refund, now }, payment),
  }),
  check: calling(deps, {
    payload: callPayloads.check,
    call: (asked, { signal }) => provider.find({ ...asked, signal }),
    decide:
      (standing, { now }) =>
      (payment) =>
        recordCheck({ standing, now }, payment),
  }),
});

/** So many tries under one key tell that it will never be answered otherwise. */
const FRUITLESS = 6;

/** The provider keeps a key for 24 hours at least: what it does not know after that it will not do under it. */
const isForgotten = (requestedAt: Instant | undefined, now: Date) =>
  requestedAt !== undefined && now.getTime() - Date.parse(requestedAt) > 23 * 3_600_000;

/** An answer that says that there is none yet leaves the outcome as unknown as no answer. */
const decided = (state: IntentState): IntentState => {
  if (state.outcome === "pending") throw new ProviderAway("the provider has not decided");
  return state;
};

type Calling = { readonly key: string; readonly signal: AbortSignal; readonly attempt: number };

type ProviderCall<Payload, Outcome> = {
  /** What is not known while its outcome is not; absent where nothing is at stake. */
  readonly operation?: PaymentOperation;
  readonly payload: z.ZodType<Payload>;
  readonly call: (asked: Payload, calling: Calling) => Promise<Outcome>;
  /** What became of a call that was not answered; absent where it may simply be made again. */
  readonly find?: (asked: Payload, calling: Calling) => Promise<Reconciled<Outcome>>;
  readonly decide: (outcome: Outcome, context: { now: Instant; asked: Payload }) => (payment: Payment) => Decision<BillingEvent, never>;
};

const calling = <Payload, Outcome>({ handler, now }: BillingReactionDeps, how: ProviderCall<Payload, Outcome>): IntentKind<unknown> => {
  const { operation } = how;
  const append = (intent: TakenIntent, key: string, decide: (payment: Payment) => Decision<BillingEvent, never>) => {
    const { paymentId } = z.object({ paymentId: PaymentId }).parse(intent.payload);
    const metadata = { ...intent.metadata, ...traceOfReport() };
    return settled(handler.handle({ streamId: paymentStreamId(paymentId), key, fingerprint: intent.kind, metadata, decide }));
  };
  const trying = <Result>(intent: TakenIntent, work: (asked: Payload, calling: Calling) => Promise<Result>): Promise<Result> =>
    inTrace(intent, async () => {
      const { id: key, signal, attempt } = intent;
      try {
        return await work(how.payload.parse(intent.payload), { key, signal, attempt });
      } catch (error) {
        if (error instanceof NotAsked) throw new NotPerformed(error.message, { cause: error });
        const isOpen = operation !== undefined && !(error instanceof ProviderRefused);
        if (isOpen) await append(intent, `${key}:unknown`, (payment) => recordUnknown({ operation, now: instantOf(now()) }, payment));
        throw error;
      }
    });
  const perform = (intent: TakenIntent) => trying(intent, how.call);
  return {
    perform,
    reconcile: async (intent) => (how.find ? trying(intent, how.find) : { found: "outcome", outcome: await perform(intent) }),
    report: (intent, outcome) =>
      inTrace(intent, () => {
        const context = { now: instantOf(now()), asked: how.payload.parse(intent.payload) };
        // The worker reports what `perform` or `reconcile` of the same kind answered.
        return append(intent, intent.id, how.decide(outcome as Outcome, context));
      }),
  };
};

const inTrace = <Result>(intent: TakenIntent, work: () => Promise<Result>): Promise<Result> => {
  const attributes = { "cartwright.intent": intent.id, "cartwright.attempt": intent.attempt };
  return continuedSpan({ name: `provider ${intent.kind}`, kind: "consumer", traceparent: traceparentOf(intent), attributes }, work);
};

const traceOfReport = () => {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? {} : { traceparent };
};
