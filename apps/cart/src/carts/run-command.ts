import type { Cart } from "@cartwright/cart-domain/cart";
import { noticesOf } from "@cartwright/cart-domain/notices-of";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import { type Decision, refuse } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { CommandHandler, Outcome } from "@cartwright/event-log/command-handler";
import type { Claim, JsonValue } from "@cartwright/event-log/event-log";
import type { Access } from "./access.ts";
import type { Answer } from "./answer.ts";
import { type Caller, metadataOf } from "./caller.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { ExpectedVersion } from "./command-input.ts";

/** What a command on a cart answers. */
export type CartReply = {
  readonly cartId: CartId;
  /** Of the cart after the command: the number of its events. */
  readonly version: number;
  /** Of the cart's last event in its shard of the log. */
  readonly position: bigint;
  readonly notices: readonly Notice[];
};

export type RunDeps = { readonly handler: CommandHandler<Cart, CartEvent>; readonly now: () => Date };

export type Run = {
  /** Which command it is: the same key with another one is an error. */
  readonly name: string;
  readonly caller: Caller;
  readonly access: Access;
  readonly input: CommandFields;
  /** What a retry under the same key has to equal beside the name of the command; the input, unless said. */
  readonly identity?: object;
  /** Whether it opens a cart that is not there. */
  readonly opens?: boolean;
  readonly decide: (cart: Cart, now: Instant, version: number) => Decision<CartEvent, Refusal>;
  readonly claims?: readonly Claim[];
  /** What a retry is answered; the notices of the events, unless said. */
  readonly answerOf?: (events: readonly CartEvent[]) => JsonValue;
};

export type CommandFields = {
  readonly cartId: CartId;
  readonly idempotencyKey?: IdempotencyKey | undefined;
  readonly expectedVersion?: ExpectedVersion | undefined;
};

/** Lets the command handler decide a command of this caller on a cart that is the caller's to change. */
export const runCommand = ({ handler, now }: RunDeps, run: Run): Promise<Outcome<Refusal>> => {
  const { caller, access, input, opens = false, decide, claims, answerOf } = run;
  const at = instantOf(now());
  return handler.handle({
    streamId: cartStreamId(input.cartId),
    ...keyOf(run),
    keepsNoChange: true,
    metadata: metadataOf(caller, access.actor),
    ...(claims && { claims }),
    // The handler's own check of versions would tell a foreign cart's.
    decide: (cart, version) => {
      const forbidden = forbids({ cart, version, access, input, opens });
      return forbidden ? refuse(forbidden) : decide(cart, at, version);
    },
    answerOf: answerOf ?? ((events) => keptNotices(noticesOf(events))),
  });
};

type Keyed = Pick<Run, "name" | "caller" | "input" | "identity">;

/** The key as the log keeps it, scoped to subject and stream: neither holds a space. */
export const keyOf = ({ name, caller, input, identity = input }: Keyed): { key?: string; fingerprint: string } => {
  const { idempotencyKey } = input;
  const fingerprint = canonicalJson({ [name]: { ...identity, idempotencyKey: undefined } });
  return idempotencyKey === undefined
    ? { fingerprint }
    : { fingerprint, key: `${caller.subject} ${cartStreamId(input.cartId)} ${idempotencyKey}` };
};

type Question = { cart: Cart; version: number; access: Access; input: CommandFields; opens: boolean };

/** Ownership comes first, so that nothing else can be learnt of a foreign cart. */
export const forbids = ({ cart, version, access, input: { cartId, expectedVersion }, opens }: Question): Refusal | null => {
  if (cart.status === "Absent") {
    if (!opens || expectedVersion === "exists") return { code: "CartNotFound", cartId };
  } else {
    const denied = access.denies(cart);
    if (denied) return denied;
  }
  if (expectedVersion === undefined || expectedVersion === "exists") return null;
  const expected = typeof expectedVersion === "number" ? [expectedVersion] : expectedVersion;
  // A tag that no version ever had was still an expectation.
  return expected.includes(version) ? null : { code: "VersionMismatch", expected: expected.at(-1) ?? null, actual: version };
};

export const keptNotices = (notices: readonly Notice[]): JsonValue => (notices.length > 0 ? notices : null);

/** What the command handler said, as it is told to the caller. */
export const replyOf = (outcome: Outcome<Refusal>, { cartId, idempotencyKey }: CommandFields): Answer<CartReply> => {
  switch (outcome.outcome) {
    case "accepted": {
      const { version, position, answer } = outcome;
      return { ok: true, value: { cartId, version, position, notices: answer === null ? [] : Notice.array().parse(answer) } };
    }
    case "refused":
      return { ok: false, refusal: outcome.refusal };
    case "keyReused":
      if (idempotencyKey === undefined) throw new TypeError(`a minted key was answered before: ${outcome.key}`);
      return { ok: false, refusal: { code: "IdempotencyKeyReused", key: idempotencyKey } };
    case "versionMismatch":
      return { ok: false, refusal: { code: "VersionMismatch", expected: outcome.expected, actual: outcome.actual } };
    case "claimed":
      throw new TypeError(`${outcome.claim.key} is held by ${outcome.held.holder}, and this command claims nothing`);
    default:
      return unreachable(outcome);
  }
};
