import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import { type IntentKind, NotPerformed, OutsideFault, type Reconciled, type TakenIntent } from "@cartwright/messaging/intents";
import { settled } from "@cartwright/messaging/reaction";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import { continuedSpan, currentTraceparent } from "@cartwright/service-kit/tracing";
import * as z from "zod";
import type { ExistingPayment, Payment } from "../payments/payment.ts";
import { recordUnknown } from "../payments/record-unknown.ts";
import type { BillingReactionDeps } from "../reactions/billing-reaction.ts";
import { NotAsked, ProviderFault, ProviderRefused } from "./payment-provider.ts";

type Calling = { readonly key: string; readonly signal: AbortSignal; readonly faults: number };

export type ProviderCall<Payload, Outcome> = {
  /** What is not known while its outcome is not; absent where nothing is at stake. */
  readonly operation?: PaymentOperation;
  readonly payload: z.ZodType<Payload>;
  readonly call: (asked: Payload, calling: Calling) => Promise<Outcome>;
  /** What became of a call that was not answered; absent where it may simply be made again. */
  readonly find?: (asked: Payload, calling: Calling) => Promise<Reconciled<Outcome>>;
  /**
   * The outcome of what nobody wants any more: it is not asked for. Null where somebody does. @throws while a try of before may yet turn up.
   */
  readonly letGo?: (payment: ExistingPayment, now: Date) => Outcome | null;
  readonly decide: (outcome: Outcome, context: { now: Instant; asked: Payload }) => (payment: Payment) => Decision<BillingEvent, never>;
};

/**
 * A call as an intent. What the provider did not answer is recorded as unknown, and asked about before it is made again under the same key.
 */
export const calling = <Payload, Outcome>(
  { handler, now }: BillingReactionDeps,
  how: ProviderCall<Payload, Outcome>,
): IntentKind<unknown> => {
  const { operation } = how;
  const append = (intent: TakenIntent, key: string, decide: (payment: Payment) => Decision<BillingEvent, never>) => {
    const { paymentId } = z.object({ paymentId: PaymentId }).parse(intent.payload);
    const metadata = { ...intent.metadata, ...traceOfReport() };
    return settled(handler.handle({ streamId: paymentStreamId(paymentId), key, fingerprint: intent.kind, metadata, decide }));
  };
  const trying = <Result>(intent: TakenIntent, work: (asked: Payload, calling: Calling) => Promise<Result>): Promise<Result> =>
    inTrace(intent, async () => {
      const { id: key, signal, faults } = intent;
      try {
        return await work(how.payload.parse(intent.payload), { key, signal, faults });
      } catch (error) {
        if (error instanceof NotAsked) throw new NotPerformed(error.message, { cause: error, heldBackMs: error.heldBackMs });
        const isOpen = operation !== undefined && !(error instanceof ProviderRefused);
        if (isOpen)
          await append(intent, `${key}:unknown`, (payment) =>
            recordUnknown({ operation, ordinal: ordinalOf(key), now: instantOf(now()) }, payment),
          );
        if (error instanceof ProviderFault) throw new OutsideFault(error.message, { cause: error });
        throw error;
      }
    });
  /** What was withdrawn between this look and the call is given back when the call is answered. */
  const isLetGo = async ({ streamId }: TakenIntent): Promise<Outcome | null> => {
    if (!how.letGo) return null;
    const { state: payment } = await handler.load(streamId);
    return payment.status === "Absent" ? null : how.letGo(payment, now());
  };
  const perform = async (intent: TakenIntent) => (await isLetGo(intent)) ?? trying(intent, how.call);
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

/** A key ends in the operation's ordinal. */
const ordinalOf = (key: string): number => Number(key.slice(key.lastIndexOf(":") + 1));

const inTrace = <Result>(intent: TakenIntent, work: () => Promise<Result>): Promise<Result> => {
  const attributes = { "cartwright.intent": intent.id, "cartwright.attempt": intent.attempt };
  return continuedSpan({ name: `provider ${intent.kind}`, kind: "consumer", traceparent: traceparentOf(intent), attributes }, work);
};

const traceOfReport = () => {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? {} : { traceparent };
};
