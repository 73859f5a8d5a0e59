import * as z from "zod";

/** A day in UTC, such as `2026-01-31`. There is no year 0000: in PostgreSQL's calendar, as in the historians', the year 1 follows 1 BC. */
export const Day = z.iso.date().refine((day) => day >= "0001-01-01", "must be a day of the year 0001 or later");
export type Day = z.infer<typeof Day>;
