// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { NotificationId, OrderId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";

export const NotificationChannel = z.enum(["email"]);
export type NotificationChannel = z.infer<typeof NotificationChannel>;

export const NotificationKind = z.enum(["order-paid"]);
export type NotificationKind = z.infer<typeof NotificationKind>;

const notification = { notificationId: NotificationId, kind: NotificationKind, channel: NotificationChannel, recipient: SubjectId };

/** Somebody is to hear of something. What is said is made of these facts. */
const NotificationRequested = z.strictObject({
  ...notification,
  facts: z.strictObject({ orderId: OrderId, amount: Money }),
  requestedAt: Instant,
});

/** Handed over to what delivers it. */
const NotificationSent = z.strictObject({ ...notification, messageId: z.string().min(1).max(255), sentAt: Instant });

const types = { NotificationRequested: firstVersion(NotificationRequested), NotificationSent: firstVersion(NotificationSent) };

/** What happens to a notification, on the stream `notification-<notificationId>`. */
export type NotificationEvent = EventOf<typeof types>;

export const notificationEvents = eventSchema(types);

export const notificationStreamId = (notificationId: NotificationId): string => `notification-${notificationId}`;

/** The same each time: one notification of one kind about one thing, by one channel. */
export const notificationIdOf = ({ kind, channel, about }: { kind: NotificationKind; channel: NotificationChannel; about: OrderId }) =>
  NotificationId.parse(`${kind}:${channel}:${about}`);
