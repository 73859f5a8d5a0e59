import type { Actor } from "@cartwright/contracts/event-metadata";
import { SubjectId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import type { PersonLooks } from "./persons.ts";

export const PrivacyRequest = z.strictObject({
  /** Of whom; the caller themself unless said. */
  userId: SubjectId.optional(),
  /** Why it is done to somebody else. */
  reason: lineOfText(500).optional(),
});
export type PrivacyRequest = z.output<typeof PrivacyRequest>;

/** For who answers persons that ask what is known of them, or to be forgotten. */
export const privacyScope = "privacy:manage";

/** Whom a request is about. Persons ask for themselves; who has the scope asks for others, with a reason that is kept. */
export const subjectOf = (caller: Caller, { userId, reason }: PrivacyRequest): Answer<{ subject: SubjectId; actor: Actor }> => {
  const { subject, kind } = caller;
  if (userId === undefined || userId === subject) return { ok: true, value: { subject, actor: { subject, kind } } };
  if (!caller.scopes.has(privacyScope)) return { ok: false, refusal: { code: "OwnerMismatch", userId } };
  if (reason === undefined) return { ok: false, refusal: { code: "ReasonMissing" } };
  return { ok: true, value: { subject: userId, actor: { subject, kind: kind === "service" ? kind : "support", reason } } };
};

type Look = { readonly subject: SubjectId; readonly actor: Actor; readonly question: string };

/** Keeps the record before the answer is given, where it is about somebody else. */
export const recordPersonLook = async (
  { persons, now }: { readonly persons: { readonly looks: Pick<PersonLooks, "record"> }; readonly now: () => Date },
  { subject, actor, question }: Look,
): Promise<void> => {
  if (actor.subject === subject || actor.reason === undefined) return;
  await persons.looks.record({ subject, actor: actor.subject, reason: actor.reason, question, at: now() });
};
