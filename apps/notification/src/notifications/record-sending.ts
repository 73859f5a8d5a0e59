import type { Instant } from "@cartwright/contracts/instant";
import type { NotificationEvent } from "@cartwright/contracts/notification-events";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Notification } from "./notification.ts";

export type RecordSending = { messageId: string; now: Instant };

/** It was handed over to what delivers it. */
export const recordSending = ({ messageId, now }: RecordSending, notification: Notification): Decision<NotificationEvent, never> => {
  if (notification.status !== "Requested") return accept();
  const { notificationId, kind, channel, recipient } = notification.request;
  return accept({ type: "NotificationSent", data: { notificationId, kind, channel, recipient, messageId, sentAt: now } });
};
