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

/** With the contact that the guest's cart has now; `stale` where it had another by the time that it was decided. */
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
      const decision = decide(merging, { into, from, version, contact: brought?.contact ?? null, unreadable: brought?.unreadable ?? null });
      isStale = decision.accepted && isWithout(brought, { into, from });
      if (isStale) return refuse({ code: "VersionMismatch", expected: version, actual: version });
      left = decision.accepted && from.status === "Open" ? couponsLeftBehind(into, from) : [];
      return decision;
    },
    answerOf: (events) => keptNotices([...noticesOf(events.flat()), ...left.map(leftBehind)]),
  });
  return isStale && outcome.outcome === "refused" ? "stale" : outcome;
};

const leftBehind = (coupon: CouponCode): Notice => ({ code: "CouponLeftBehind", coupon, max: maxCoupons });

/** A contact sealed for the owner, the guest's that it was opened from, and the owner's in place of which it comes, which nobody can read. */
type Brought = { readonly contact: SealedContact; readonly from: SealedContact; readonly unreadable: SealedContact | null };

/** Sealed by the guest's key it would be forgotten with the guest, and not with the user: it is sealed anew, by the user's. */
const contactToBring = async ({ handler, seal, unseal }: MergeCartsDeps, { access, input, guest }: Merging): Promise<Brought | null> => {
  const [into, from] = await Promise.all([input.cartId, input.guestCartId].map(async (id) => (await handler.load(cartStreamId(id))).state));
  if (!into || from?.status !== "Open" || from.owner !== guest || !from.contact) return null;
  if (into.status !== "Absent" && (into.status !== "Open" || access.denies(into) !== null)) return null;
  const own = into.status === "Absent" ? null : into.contact;
  if ((await emailOf(unseal, { contact: own })) !== null) return null;
  const { email, phone, ...plain } = from.contact;
  const sealed = [{ field: "email" as const, sealed: email }, ...(phone ? [{ field: "phone" as const, sealed: phone }] : [])];
  const [openedEmail, openedPhone] = await unseal(sealed);
  // Nobody can read it any more: there is nothing to bring.
  if (!openedEmail || (phone && !openedPhone)) return null;
  const owner = into.status === "Absent" ? access.owner : into.owner;
  const anew: { readonly email: Sealed; readonly phone?: Sealed } = await seal(owner, {
    email: openedEmail,
    ...(openedPhone && { phone: openedPhone }),
  });
  return { contact: { ...plain, email: anew.email, phone: anew.phone ?? null }, from: from.contact, unreadable: own };
};

/** Whether the guest has given another contact since, or the first one, that the user's cart is to have. */
const isWithout = (brought: Brought | null, { into, from }: { into: Cart; from: Cart }): boolean => {
  if (!brought || from.status !== "Open") return false;
  const lacksOne = into.status === "Absent" || into.contact === null || into.contact.email === brought.unreadable?.email;
  return lacksOne && from.contact?.email !== brought.from.email;
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

type Both = {
  readonly into: Cart;
  readonly from: Cart;
  readonly version: number;
  readonly contact: SealedContact | null;
  readonly unreadable: SealedContact | null;
};

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
