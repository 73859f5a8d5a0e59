import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { Actor } from "@cartwright/contracts/event-metadata";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Caller } from "./caller.ts";

/** What a caller may do in one call, and who is written down for it. */
export type Access = {
  readonly actor: Actor;
  /** Whose cart it becomes where the call opens one. */
  readonly owner: SubjectId;
  readonly ownerKind: OwnerKind;
  /** May say what a product is called and costs. */
  readonly mayPrice: boolean;
  /** Why this cart is not the caller's to touch; null when it is. A foreign cart is answered as one that is not there. */
  denies(cart: { cartId: CartId; owner: SubjectId }): RefusalOf<"CartNotFound" | "ReasonMissing"> | null;
};

export type AccessResult = { ok: true; value: Access } | { ok: false; refusal: RefusalOf<"OwnerMismatch"> };

/** For support: read and edit any cart, with a reason that is recorded. */
export const supportScope = "cart:support";
/** For a trusted back end: act for the owner that it names, at prices of its own. */
export const priceScope = "cart:price";

/** `userId` names the owner, `reason` is support's. */
export const accessOf = (
  caller: Caller,
  { userId, reason }: { userId?: SubjectId | undefined; reason?: string | undefined },
): AccessResult => {
  if (caller.scopes.has(priceScope)) return { ok: true, value: forBackEnd(caller, { userId, reason }) };
  if (userId !== undefined && userId !== caller.subject) return { ok: false, refusal: { code: "OwnerMismatch", userId } };
  return { ok: true, value: caller.scopes.has(supportScope) ? forSupport(caller, reason) : forShopper(caller) };
};

const forShopper = ({ subject, kind }: Caller): Access => ({
  actor: { subject, kind },
  owner: subject,
  ownerKind: ownerKindOf(subject),
  mayPrice: false,
  denies: ({ cartId, owner }) => (owner === subject ? null : { code: "CartNotFound", cartId }),
});

/** Without a reason it is the supporter's own shopping. */
const forSupport = (caller: Caller, reason: string | undefined): Access => ({
  ...forShopper(caller),
  ...(reason !== undefined && { actor: { subject: caller.subject, kind: "support", reason } }),
  denies: ({ owner }) => (owner === caller.subject || reason !== undefined ? null : { code: "ReasonMissing" }),
});

const forBackEnd = ({ subject }: Caller, { userId, reason }: { userId: SubjectId | undefined; reason: string | undefined }): Access => ({
  actor: { subject, kind: "service", ...(reason !== undefined && { reason }) },
  owner: userId ?? subject,
  ownerKind: ownerKindOf(userId ?? subject),
  mayPrice: true,
  denies: ({ cartId, owner }) => (userId === undefined || owner === userId ? null : { code: "CartNotFound", cartId }),
});

/** Our own guests are called so when they get their token; whoever else shops has an account somewhere. */
const ownerKindOf = (subject: SubjectId): OwnerKind => (subject.startsWith("guest-") ? "guest" : "user");
