// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { KeyId } from "./sealed.ts";

/**
 * The person's key is destroyed: whatever was sealed with it is unreadable for ever. They may come back, and then have another. The key is
 * named, so that who hears of it late destroys no later one; null where nothing had been sealed.
 */
const SubjectForgotten = z.strictObject({ subject: SubjectId, keyId: KeyId.nullable(), forgottenAt: Instant });

const types = { SubjectForgotten: firstVersion(SubjectForgotten) };

/** What happens to what is known of a person, on the stream `subject-<subject>`. */
export type PrivacyEvent = EventOf<typeof types>;

export const privacyEvents = eventSchema(types);

export const subjectStreamId = (subject: SubjectId): string => `subject-${subject}`;
