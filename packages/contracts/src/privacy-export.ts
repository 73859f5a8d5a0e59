import * as z from "zod";
import { CheckoutId } from "./ids.ts";

/**
 * What the cart service asks each of the others for a person: it knows the person's checkouts, and what the others keep is about one of
 * those. More are asked for in pieces.
 */
export const ExportOfCheckouts = z.strictObject({ checkoutIds: z.array(CheckoutId).min(1).max(100).readonly() });
export type ExportOfCheckouts = z.infer<typeof ExportOfCheckouts>;

/** By which the cart service asks: nobody else has it. */
export const exportScope = "service:cart";

/** An event with what is sealed in it as it is stored. */
export const ExportedEvent = z.object({ type: z.string(), version: z.int().positive(), at: z.date(), data: z.unknown() });
export type ExportedEvent = z.infer<typeof ExportedEvent>;

export const ExportedStream = z.object({ streamId: z.string(), events: z.array(ExportedEvent).readonly() });
export type ExportedStream = z.infer<typeof ExportedStream>;

/** A mail that went out. `email` is sealed. */
export const ExportedMail = z.object({ email: z.string().nullable(), subject: z.string(), text: z.string(), sentAt: z.date() });
export type ExportedMail = z.infer<typeof ExportedMail>;

/** What one of the services answers. */
export const ExportedPart = z.object({ streams: z.array(ExportedStream).readonly(), mails: z.array(ExportedMail).readonly().default([]) });
export type ExportedPart = z.infer<typeof ExportedPart>;
