import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { Money } from "@cartwright/contracts/money";
import { PaymentToken, ProviderReference } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import type { Intent, IntentKind, TakenIntent } from "@cartwright/messaging/intents";
import { settled } from "@cartwright/messaging/reaction";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import { continuedSpan, currentTraceparent } from "@cartwright/service-kit/tracing";
import * as z from "zod";
import type { Payment } from "../payments/payment.ts";
import { recordAuthorization } from "../payments/record-authorization.ts";
import { recordCapture } from "../payments/record-capture.ts";
import { recordInspection } from "../payments/record-inspection.ts";
import { recordVoid } from "../payments/record-void.ts";
import type { BillingReactionDeps } from "../reactions/billing-reaction.ts";
import type { PaymentProvider } from "./payment-provider.ts";

/** What an event of a payment asks the provider for. The key is made of the payment, the operation and its ordinal. */
export const providerCallOf = ({ type, data }: BillingEvent): Pick<Intent, "id" | "kind" | "payload"> | null => {
  const asked = (operation: keyof typeof payloads, payload: Intent["payload"]) => ({
    id: `${data.paymentId}:${operation}:1`,
    kind: operation,
    payload: { paymentId: data.paymentId, ...payload },
  });
  switch (type) {
    case "PaymentMethodPresented":
      return asked("inspect", { token: data.paymentToken });
    case "PaymentRequested":
      return asked("authorize", { amount: data.amount, token: data.paymentToken });
    case "PaymentCaptureRequested":
      return asked("capture", { amount: data.amount, providerReference: data.providerReference });
    case "PaymentVoidRequested":
      return asked("void", { providerReference: data.providerReference });
    default:
      return null;
  }
};

const payloads = {
  inspect: z.object({ paymentId: PaymentId, token: PaymentToken }),
  authorize: z.object({ paymentId: PaymentId, amount: Money, token: PaymentToken }),
  capture: z.object({ paymentId: PaymentId, amount: Money, providerReference: ProviderReference }),
  void: z.object({ paymentId: PaymentId, providerReference: ProviderReference }),
};

/** How each of these is carried out, and what becomes of the payment then. */
export const providerCalls = (provider: PaymentProvider, deps: BillingReactionDeps): Readonly<Record<string, IntentKind<unknown>>> => ({
  inspect: calling(deps, {
    payload: payloads.inspect,
    call: ({ token }, { signal }) => provider.inspect({ token, signal }),
    decide: (inspection, now) => (payment) => recordInspection({ inspection, now }, payment),
  }),
  authorize: calling(deps, {
    payload: payloads.authorize,
    call: (asked, keyed) => provider.authorize({ ...asked, ...keyed }),
    decide: (authorization, now) => (payment) => recordAuthorization({ authorization, now }, payment),
  }),
  capture: calling(deps, {
    payload: payloads.capture,
    call: (asked, keyed) => provider.capture({ ...asked, ...keyed }),
    decide: (_, now) => (payment) => recordCapture({ now }, payment),
  }),
  void: calling(deps, {
    payload: payloads.void,
    call: (asked, keyed) => provider.void({ ...asked, ...keyed }),
    decide: (_, now) => (payment) => recordVoid({ now }, payment),
  }),
});

type ProviderCall<Payload, Outcome> = {
  readonly payload: z.ZodType<Payload>;
  readonly call: (asked: Payload, keyed: { key: string; signal: AbortSignal }) => Promise<Outcome>;
  readonly decide: (outcome: Outcome, now: Instant) => (payment: Payment) => Decision<BillingEvent, never>;
};

/** The provider keeps its answer under the key, so to ask what became of a call is to make it again. */
const calling = <Payload, Outcome>({ handler, now }: BillingReactionDeps, how: ProviderCall<Payload, Outcome>): IntentKind<unknown> => {
  const perform = (intent: TakenIntent) =>
    inTrace(intent, () => how.call(how.payload.parse(intent.payload), { key: intent.id, signal: intent.signal }));
  return {
    perform,
    reconcile: async (intent) => ({ found: "outcome", outcome: await perform(intent) }),
    report: (intent, outcome) =>
      inTrace(intent, () => {
        const { paymentId } = z.object({ paymentId: PaymentId }).parse(intent.payload);
        return settled(
          handler.handle({
            streamId: paymentStreamId(paymentId),
            key: intent.id,
            fingerprint: intent.kind,
            metadata: { ...intent.metadata, ...traceOfReport() },
            // The worker reports what `perform` of the same kind answered.
            decide: how.decide(outcome as Outcome, instantOf(now())),
          }),
        );
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
