import { type NotificationEvent, notificationEvents } from "@cartwright/contracts/notification-events";
import { unreachable } from "@cartwright/decider/unreachable";
import type { StreamModel } from "@cartwright/event-log/command-handler";

/** What a notification's events mean. */
export type Notification =
  | { readonly status: "Absent" }
  | { readonly status: "Requested" | "Sent" | "Withheld"; readonly request: Requested };

/** What was asked for. */
export type Requested = Extract<NotificationEvent, { type: "NotificationRequested" }>["data"];

export const evolve = (notification: Notification, { type, data }: NotificationEvent): Notification => {
  switch (type) {
    case "NotificationRequested":
      return { status: "Requested", request: data };
    case "NotificationSent":
      return { status: "Sent", request: requestOf(notification) };
    case "NotificationWithheld":
      return { status: "Withheld", request: requestOf(notification) };
    default:
      return unreachable(type);
  }
};

const requestOf = (notification: Notification): Requested => {
  if (notification.status === "Absent") throw new Error("Something became of a notification that nobody asked for");
  return notification.request;
};

/** How the stream `notification-<notificationId>` is folded and written. */
export const notificationModel: StreamModel<Notification, NotificationEvent> = {
  initial: { status: "Absent" },
  evolve,
  encode: notificationEvents.encode,
  decode: notificationEvents.decode,
};
