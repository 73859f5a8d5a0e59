import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import type { Actor } from "@cartwright/contracts/event-metadata";
import type { IdempotencyKey, PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { BillingRefusal } from "../refusals.ts";
import { acknowledgeDiscrepancies } from "./acknowledge-discrepancies.ts";
import { captureByHand } from "./capture-by-hand.ts";
import type { ExistingPayment, Payment } from "./payment.ts";
import { requestCheck } from "./request-check.ts";
import { requestRefund } from "./request-refund.ts";
import { voidByHand } from "./void-by-hand.ts";

export type PaymentCommand = {
  readonly paymentId: PaymentId;
  /** A retry under the same key gets the first answer. */
  readonly idempotencyKey?: IdempotencyKey | undefined;
  /** Absent: all that there is. Only of what is refunded or captured. */
  readonly amount?: Money | undefined;
  readonly actor: Actor;
  readonly correlationId: string;
};

export type CommandAnswer =
  | { readonly ok: true; readonly paymentId: PaymentId; readonly version: number; readonly position: bigint }
  | { readonly ok: false; readonly refusal: BillingRefusal };

/** What is done with payments by hand. The provider is asked by what follows: the answer says that it will be. */
export type PaymentCommands = Readonly<
  Record<"refund" | "capture" | "void" | "reconcile" | "acknowledge", (command: PaymentCommand) => Promise<CommandAnswer>>
>;

type Decide = (command: { amount?: Money | undefined; now: Instant }, payment: ExistingPayment) => Decision<BillingEvent, BillingRefusal>;

export type PaymentCommandsDeps = { readonly handler: CommandHandler<Payment, BillingEvent>; readonly now: () => Date };

export const paymentCommands = ({ handler, now }: PaymentCommandsDeps): PaymentCommands => {
  const command =
    (name: string, decide: Decide) =>
    async ({ paymentId, idempotencyKey: key, amount, actor, correlationId }: PaymentCommand): Promise<CommandAnswer> => {
      const streamId = paymentStreamId(paymentId);
      const at = instantOf(now());
      const outcome = await handler.handle<BillingRefusal>({
        streamId,
        ...(key !== undefined && { key: `${actor.subject} ${streamId} ${key}` }),
        keepsNoChange: true,
        fingerprint: JSON.stringify([name, amount?.amountMinor ?? null, amount?.currency ?? null]),
        metadata: { correlationId, actor },
        decide: (payment) =>
          payment.status === "Absent" ? refuse({ code: "PaymentNotFound", paymentId }) : decide({ amount, now: at }, payment),
      });
      switch (outcome.outcome) {
        case "accepted":
          return { ok: true, paymentId, version: outcome.version, position: outcome.position };
        case "refused":
          return { ok: false, refusal: outcome.refusal };
        case "keyReused":
          if (key === undefined) throw new TypeError("a minted key was answered before");
          return { ok: false, refusal: { code: "IdempotencyKeyReused", key } };
        case "versionMismatch":
        case "claimed":
          throw new TypeError(`a command that expects and claims nothing was answered ${outcome.outcome}`);
        default:
          return unreachable(outcome);
      }
    };
  return {
    refund: command("refund", requestRefund),
    capture: command("capture", captureByHand),
    void: command("void", voidByHand),
    reconcile: command("reconcile", (asked, payment) => {
      const decision = requestCheck(asked, payment);
      return decision.accepted ? decision : accept();
    }),
    acknowledge: command("acknowledge", acknowledgeDiscrepancies),
  };
};
