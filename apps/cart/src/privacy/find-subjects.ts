import type { SubjectId } from "@cartwright/contracts/ids";
import { EmailAddress, PhoneNumber } from "@cartwright/contracts/personal-data";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import type { Caller } from "../carts/caller.ts";
import type { PersonLooks } from "./persons.ts";
import type { Sealer } from "./sealer.ts";

export const FindSubjects = z.strictObject({
  by: z.discriminatedUnion("field", [
    z.strictObject({ field: z.literal("email"), value: EmailAddress }),
    z.strictObject({ field: z.literal("phone"), value: PhoneNumber }),
  ]),
  reason: lineOfText(500),
});
export type FindSubjects = z.output<typeof FindSubjects>;

export type FindDeps = {
  readonly sealer: Pick<Sealer, "find">;
  readonly persons: { readonly looks: Pick<PersonLooks, "record"> };
  readonly now: () => Date;
};

/** Who gave this contact. That it was looked for is recorded of each of them; what was looked for is not. */
export const findSubjects =
  ({ sealer, persons, now }: FindDeps) =>
  async (caller: Caller, { by, reason }: FindSubjects): Promise<{ readonly subjects: readonly SubjectId[] }> => {
    const subjects = await sealer.find(by.field, by.value);
    const look = { actor: caller.subject, reason, question: `find by ${by.field}`, at: now() };
    await Promise.all((subjects.length > 0 ? subjects : [null]).map((subject) => persons.looks.record({ ...look, subject })));
    return { subjects };
  };
