import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Access, supportScope } from "./access.ts";
import type { Caller } from "./caller.ts";

/** What support looked at that is not its own, and why: kept for whoever asks later. */
export type SupportReads = { record(read: SupportRead): Promise<void> };

export type SupportRead = {
  readonly cartId: CartId;
  readonly actor: SubjectId;
  readonly reason: string;
  /** Which question it was: `view`, `history`, … */
  readonly question: string;
  readonly at: Date;
};

export type Look = { readonly caller: Caller; readonly access: Access; readonly question: string };

/** Keeps the record before the answer is given, where support looks at somebody else's cart. */
export const recordLook = async (
  { supportReads, now }: { supportReads: SupportReads; now: () => Date },
  { caller, access, question }: Look,
  cart: { cartId: CartId; owner: SubjectId },
): Promise<void> => {
  const { kind, subject, reason } = access.actor;
  if (kind !== "support" || reason === undefined || cart.owner === caller.subject || !caller.scopes.has(supportScope)) return;
  await supportReads.record({ cartId: cart.cartId, actor: subject, reason, question, at: now() });
};
