import { absentCart, type Cart } from "@cartwright/cart-domain/cart";
import { couponsLeftBehind, mergeCarts as decideMergeCarts } from "@cartwright/cart-domain/merge-carts";
import { noticesOf } from "@cartwright/cart-domain/notices-of";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { maxCoupons } from "@cartwright/contracts/cart-limits";
import type { SealedContact } from "@cartwright/contracts/checkout-shapes";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Notice } from "@cartwright/contracts/notices";
import type { CouponCode } from "@cartwright/contracts/pricing-shapes";
import type { Refusal, RefusalOf } from "@cartwright/contracts/refusals";
import type { Sealed } from "@cartwright/contracts/sealed";
import { type Decision, refuse } from "@cartwright/decider/decision";
import type { Outcome } from "@cartwright/event-log/command-handler";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import * as z from "zod";
import type { Seal, Unseal } from "../checkouts/sealing.ts";
import { emailOf } from "../quotes/judged-coupons.ts";
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

export type MergeCartsDeps = RunDeps & {
  readonly verifier: Pick<TokenVerifier, "verify">;
  readonly seal: Seal;
  readonly unseal: Unseal;
};

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
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const outcome = await mergeOnce(deps, merging);
      if (outcome !== "stale") return replyOf(outcome, input);
    }
    throw new MergeContended(`the contact of ${input.guestCartId} changed ${maxAttempts} times while it was merged`);
  };

const maxAttempts = 5;

export class MergeContended extends Error {
  override readonly name = "MergeContended";
  readonly retryable = true;
}

/** With the contacts that the carts have now; `stale` where they had others by the time that it was decided. */
const mergeOnce = async (deps: MergeCartsDeps, merging: Merging): Promise<Outcome<Refusal> | "stale"> => {
  const { caller, access, input } = merging;
  const brought = await contactToBring(deps, merging);
  let isStale = false;
  let left: readonly CouponCode[] = [];
  const outcome = await deps.handler.handleMany<Refusal>({
    streamIds: [cartStreamId(input.cartId), cartStreamId(input.guestCartId)],
    ...keyOf({ name: "merge", caller, input }),
    keepsNoChange: true,
    metadata: metadataOf(caller, access.actor),
    decide: ([into = absentCart, from = absentCart], [version = 0]) => {
      const decision = decide(merging, { into, from, version, ...(brought ?? nothing) });
      isStale = decision.accepted && from.status === "Open" && !isOf(brought, { into, from });
      if (isStale) return refuse({ code: "VersionMismatch", expected: version, actual: version });
      left = decision.accepted && from.status === "Open" ? couponsLeftBehind(into, from) : [];
      return decision;
    },
    answerOf: (events) => keptNotices([...noticesOf(events.flat()), ...left.map(leftBehind)]),
  });
  return isStale && outcome.outcome === "refused" ? "stale" : outcome;
};

const leftBehind = (coupon: CouponCode): Notice => ({ code: "CouponLeftBehind", coupon, max: maxCoupons });

/** The guest's contact sealed for the owner, and the owner's in place of which it comes, which nobody can read. */
type Contacts = { readonly contact: SealedContact | null; readonly unreadable: SealedContact | null };
const nothing: Contacts = { contact: null, unreadable: null };

type Brought = Contacts & { readonly seen: ReturnType<typeof emailsIn> };

/**
 * Sealed by the guest's key it would be forgotten with the guest, and not with the user: it is sealed anew, by the user's. Null, and nothing
 * is sealed, where the merge would be refused.
 */
const contactToBring = async ({ handler, seal, unseal }: MergeCartsDeps, merging: Merging): Promise<Brought | null> => {
  const { access, input } = merging;
  const [{ state: into, version }, { state: from }] = await Promise.all([
    handler.load(cartStreamId(input.cartId)),
    handler.load(cartStreamId(input.guestCartId)),
  ]);
  if (!decide(merging, { into, from, version, ...nothing }).accepted) return null;
  const seen = emailsIn({ into, from });
  const [own, given] = [contactOf(into), contactOf(from)];
  if (!given || from.status !== "Open" || (await emailOf(unseal, { contact: own })) !== null) return { ...nothing, seen };
  const { email, phone, ...plain } = given;
  const sealed = [{ field: "email" as const, sealed: email }, ...(phone ? [{ field: "phone" as const, sealed: phone }] : [])];
  const [openedEmail, openedPhone] = await unseal(sealed);
  // Nobody can read it any more: there is nothing to bring.
  if (!openedEmail || (phone && !openedPhone)) return { ...nothing, seen };
  const owner = into.status === "Absent" ? access.owner : into.owner;
  const anew: { readonly email: Sealed; readonly phone?: Sealed } = await seal(owner, {
    email: openedEmail,
    ...(openedPhone && { phone: openedPhone }),
  });
  return { contact: { ...plain, email: anew.email, phone: anew.phone ?? null }, unreadable: own, seen };
};

const contactOf = (cart: Cart): SealedContact | null => (cart.status === "Absent" ? null : cart.contact);
const emailsIn = ({ into, from }: Pick<Both, "into" | "from">) => ({ into: contactOf(into)?.email, from: contactOf(from)?.email });

/** Whether the carts have the contacts that this was made of. */
const isOf = (brought: Brought | null, carts: Pick<Both, "into" | "from">): boolean => {
  const now = emailsIn(carts);
  return brought !== null && brought.seen.into === now.into && brought.seen.from === now.from;
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

type Both = Contacts & { readonly into: Cart; readonly from: Cart; readonly version: number };

const decide = (
  { caller, access, input, guest, now }: Merging,
  { into, from, version, contact, unreadable }: Both,
): Decision<readonly CartEvent[], Refusal> => {
  const { cartId, guestCartId } = input;
  // A cart that a merge opens is a user's.
  const forbidden = forbids({ cart: into, version, access, input, opens: caller.kind !== "guest" });
  if (forbidden) return refuse(forbidden);
  if (from.status === "Absent" || from.owner !== guest) return refuse({ code: "CartNotFound", cartId: guestCartId });
  return decideMergeCarts({ cartId, fromCartId: guestCartId, owner: access.owner, contact, unreadable, now }, { into, from });
};
