import { absentCart, type Cart } from "@cartwright/cart-domain/cart";
import { mergeCarts as decideMergeCarts } from "@cartwright/cart-domain/merge-carts";
import { noticesOf } from "@cartwright/cart-domain/notices-of";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Refusal, RefusalOf } from "@cartwright/contracts/refusals";
import { type Decision, refuse } from "@cartwright/decider/decision";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import * as z from "zod";
import { type Access, accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import { type Caller, metadataOf } from "./caller.ts";
import { commandInput, type InputOf } from "./command-input.ts";
import { type CartReply, forbids, keptNotices, keyOf, type RunDeps, replyOf } from "./run-command.ts";

/**
 * `guestToken` is the guest's access token, the proof that the guest's cart is the caller's too. One that has expired proves
 * nothing, like everywhere else: the client refreshes it first, which a guest can do for a month. Otherwise a token from an
 * old log would give a guest's cart away for as long as the cart lives.
 */
export const MergeCarts = z.strictObject({ ...commandInput, guestToken: z.string().min(1).max(8_192), guestCartId: CartId });
export type MergeCarts = z.output<typeof MergeCarts>;

export type MergeCartsDeps = RunDeps & { readonly verifier: Pick<TokenVerifier, "verify"> };

/** Moves what lies in a guest's cart into the caller's own and closes the guest's, in one append. A second time changes nothing. */
export const mergeCarts =
  (deps: MergeCartsDeps) =>
  async (caller: Caller, input: InputOf<typeof MergeCarts>): Promise<Answer<CartReply>> => {
    const guest = await guestOf(deps, input.guestToken);
    if (!guest.ok) return guest;
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { guestToken: _, ...named } = input;
    const merging = { caller, access: access.value, input: named, guest: guest.value, now: instantOf(deps.now()) };
    const { idempotencyKey } = input;
    const outcome = await deps.handler.handleMany({
      streamIds: [cartStreamId(input.cartId), cartStreamId(input.guestCartId)],
      ...keyOf({ name: "merge", caller, input: named }),
      metadata: metadataOf(caller, access.value.actor),
      decide: ([into = absentCart, from = absentCart], [version = 0]) => decide(merging, { into, from, version }),
      answerOf: (events) => keptNotices(noticesOf(events.flat())),
    });
    return replyOf(outcome, { cartId: input.cartId, idempotencyKey });
  };

const guestOf = async ({ verifier }: MergeCartsDeps, token: string): Promise<Answer<SubjectId>> => {
  const verified = await verifier.verify(token);
  if (!verified.ok) return invalid(verified.reason === "invalid" ? "malformed" : verified.reason);
  const { kind, subject } = verified.principal;
  return kind === "guest" ? { ok: true, value: SubjectId.parse(subject) } : invalid("malformed");
};

const invalid = (reason: RefusalOf<"TokenInvalid">["reason"]) => ({
  ok: false as const,
  refusal: { code: "TokenInvalid" as const, token: "guest" as const, reason },
});

type Merging = {
  readonly caller: Caller;
  readonly access: Access;
  readonly input: Omit<InputOf<typeof MergeCarts>, "guestToken">;
  readonly guest: SubjectId;
  readonly now: Instant;
};

type Both = { readonly into: Cart; readonly from: Cart; readonly version: number };

const decide = ({ caller, access, input, guest, now }: Merging, { into, from, version }: Both): Decision<readonly CartEvent[], Refusal> => {
  const { cartId, guestCartId } = input;
  // A cart that a merge opens is a user's.
  const forbidden = forbids({ cart: into, version, access, input, opens: caller.kind !== "guest" });
  if (forbidden) return refuse(forbidden);
  if (from.status === "Absent" || from.owner !== guest) return refuse({ code: "CartNotFound", cartId: guestCartId });
  return decideMergeCarts({ cartId, fromCartId: guestCartId, owner: access.owner, now }, { into, from });
};
