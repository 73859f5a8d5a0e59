import { PersonalField } from "@cartwright/contracts/personal-data";
import { Sealed } from "@cartwright/contracts/sealed";
import * as z from "zod";

/** For services that reach persons, or tell them apart. */
export const openScope = "privacy:open";

export const OpenValues = z.strictObject({
  values: z
    .array(z.strictObject({ field: PersonalField, sealed: Sealed }))
    .min(1)
    .max(500)
    .readonly(),
});
export type OpenValues = z.output<typeof OpenValues>;
