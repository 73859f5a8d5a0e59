import * as z from "zod";

/**
 * A moment as events hold it: ISO 8601, UTC, always with milliseconds (`2026-01-31T09:30:00.000Z`).
 * One spelling a moment, so instants compare as strings.
 */
export const Instant = z.iso.datetime({ precision: 3 }).brand<"Instant", "inout">();
export type Instant = z.infer<typeof Instant>;

/** @throws {z.ZodError} for an invalid date or a year beyond 9999. */
export const instantOf = (date: Date): Instant => Instant.parse(date.toISOString());

/** Negative when `to` lies before `from`. */
export const millisecondsBetween = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);
