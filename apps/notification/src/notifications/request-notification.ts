import type { NotificationEvent } from "@cartwright/contracts/notification-events";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Notification, Requested } from "./notification.ts";

/** Asks for a notification, once. */
export const requestNotification = (request: Requested, notification: Notification): Decision<NotificationEvent, never> =>
  notification.status === "Absent" ? accept({ type: "NotificationRequested", data: request }) : accept();
