import type { SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { type PrivacyEvent, privacyEvents, subjectStreamId } from "@cartwright/contracts/privacy-events";
import { accept } from "@cartwright/decider/decision";
import type { CommandHandler, StreamModel } from "@cartwright/event-log/command-handler";
import type { JsonObject } from "@cartwright/event-log/event-log";
import type { Answer } from "../carts/answer.ts";
import { type Caller, metadataOf } from "../carts/caller.ts";
import type { Persons } from "./persons.ts";
import { type PrivacyRequest, subjectOf } from "./privacy-request.ts";
import type { Sealer } from "./sealer.ts";
import type { TrailOf } from "./trail.ts";

/** When a person was forgotten last; null: never. */
export type Remembrance = { readonly forgottenAt: Instant | null };

/** How the stream of a person is folded and written; what is known of them is not in it. */
export const privacyModel: StreamModel<Remembrance, PrivacyEvent> = {
  initial: { forgottenAt: null },
  evolve: (_, { data }) => ({ forgottenAt: data.forgottenAt }),
  encode: privacyEvents.encode,
  decode: privacyEvents.decode,
};

export type ForgetDeps = {
  readonly handler: Pick<CommandHandler<Remembrance, PrivacyEvent>, "handle" | "load">;
  readonly persons: Pick<Persons, "keys" | "accounts">;
  readonly sealer: Pick<Sealer, "drop">;
  readonly trailOf: TrailOf;
  readonly now: () => Date;
};

export type Forgotten = { readonly subject: SubjectId; readonly forgottenAt: Date };

/**
 * Destroys a person's key and account, and the keys of the guests that they were before they signed in. It is said first and done then, and
 * whoever follows the log does it again: what was said is done, also where this process dies in between. Who is forgotten already, and has
 * not come back, is not forgotten again.
 */
export const forgetSubject =
  (deps: ForgetDeps) =>
  async (caller: Caller, request: PrivacyRequest): Promise<Answer<Forgotten>> => {
    const asked = subjectOf(caller, request);
    if (!asked.ok) return asked;
    const { subject, actor } = asked.value;
    const metadata = metadataOf(caller, actor);
    const forgottenAt = await forgetOne(deps, subject, metadata);
    const done = new Set([subject]);
    // Looked at again until nobody is new: a cart that was merged meanwhile is the same person's, too.
    for (;;) {
      const guests = (await deps.trailOf(subject)).subjects.filter((each) => !done.has(each));
      if (guests.length === 0) return { ok: true, value: { subject, forgottenAt } };
      for (const guest of guests) {
        await forgetOne(deps, guest, metadata);
        done.add(guest);
      }
    }
  };

const forgetOne = async (deps: ForgetDeps, subject: SubjectId, metadata: JsonObject): Promise<Date> => {
  const { handler, sealer, now } = deps;
  const { keys, accounts } = deps.persons;
  const [key, account] = await Promise.all([keys.of(subject), accounts.of(subject)]);
  const keyId = key?.keyId ?? null;
  const event = { type: "SubjectForgotten", data: { subject, keyId, forgottenAt: instantOf(now()) } } as const;
  const streamId = subjectStreamId(subject);
  await handler.handle<never>({
    streamId,
    decide: ({ forgottenAt }) => (forgottenAt !== null && keyId === null && account === null ? accept() : accept(event)),
    metadata,
    fingerprint: "forget",
  });
  sealer.drop(subject);
  if (keyId !== null) await keys.destroy([keyId]);
  await accounts.erase(subject);
  const { forgottenAt } = (await handler.load(streamId)).state;
  return new Date(forgottenAt ?? event.data.forgottenAt);
};
