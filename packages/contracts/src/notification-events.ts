// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { Locale } from "./checkout-shapes.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { NotificationId, OrderId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { Sealed } from "./sealed.ts";

export const NotificationChannel = z.enum(["email"]);
export type NotificationChannel = z.infer<typeof NotificationChannel>;

export const NotificationKind = z.enum(["order-paid"]);
export type NotificationKind = z.infer<typeof NotificationKind>;

const notification = { notificationId: NotificationId, kind: NotificationKind, channel: NotificationChannel, recipient: SubjectId };

/** How whoever is to hear of it is reached, as they said it with their order. The address is sealed until the moment of sending. */
export const NotificationContact = z.strictObject({ email: Sealed, locale: Locale });
export type NotificationContact = z.infer<typeof NotificationContact>;

/** Version 1 knew who, and not how they are reached. */
const NotificationRequestedV1 = z.strictObject({
  ...notification,
  facts: z.strictObject({ orderId: OrderId, amount: Money }),
  requestedAt: Instant,
});

/** Somebody is to hear of something. What is said is made of these facts. */
const NotificationRequested = z.strictObject({ ...NotificationRequestedV1.shape, contact: NotificationContact.nullable() });

/** Handed over to what delivers it. */
const NotificationSent = z.strictObject({ ...notification, messageId: z.string().min(1).max(255), sentAt: Instant });

/** Version 1 knew of nobody who takes mails and refuses some. */
const NotificationWithheldV1 = z.strictObject({
  ...notification,
  reason: z.enum(["SubjectForgotten", "ContactMissing"]),
  withheldAt: Instant,
});

/**
 * Why nobody could be told: they were forgotten before it was sent, had never said how they are reached, or whoever delivers it takes
 * nothing for that address.
 */
export const WithholdingReason = z.enum([...NotificationWithheldV1.shape.reason.options, "AddressRefused"]);
export type WithholdingReason = z.infer<typeof WithholdingReason>;

/** It will not be sent. */
const NotificationWithheld = z.strictObject({ ...NotificationWithheldV1.shape, reason: WithholdingReason });

const types = {
  NotificationRequested: firstVersion(NotificationRequestedV1).nextVersion(NotificationRequested, (older) => ({ ...older, contact: null })),
  NotificationSent: firstVersion(NotificationSent),
  NotificationWithheld: firstVersion(NotificationWithheldV1).nextVersion(NotificationWithheld, (older) => older),
};

/** What happens to a notification, on the stream `notification-<notificationId>`. */
export type NotificationEvent = EventOf<typeof types>;

export const notificationEvents = eventSchema(types);

export const notificationStreamId = (notificationId: NotificationId): string => `notification-${notificationId}`;

/** The same each time: one notification of one kind about one thing, by one channel. */
export const notificationIdOf = ({ kind, channel, about }: { kind: NotificationKind; channel: NotificationChannel; about: OrderId }) =>
  NotificationId.parse(`${kind}:${channel}:${about}`);
