import type { Instant } from "@cartwright/contracts/instant";
import type { NotificationEvent, WithholdingReason } from "@cartwright/contracts/notification-events";
import { accept, type Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { Notification } from "./notification.ts";

/** What became of it: it was handed over to what delivers it, or there was nobody to send it to. */
export type SendingOutcome =
  | { readonly outcome: "sent"; readonly messageId: string }
  | { readonly outcome: "withheld"; readonly reason: WithholdingReason };

export type RecordSending = { readonly sending: SendingOutcome; readonly now: Instant };

/** The first outcome stays: what was sent is not withheld afterwards, and the other way round. */
export const recordSending = ({ sending, now }: RecordSending, notification: Notification): Decision<NotificationEvent, never> => {
  if (notification.status !== "Requested") return accept();
  const { notificationId, kind, channel, recipient } = notification.request;
  const what = { notificationId, kind, channel, recipient };
  switch (sending.outcome) {
    case "sent":
      return accept({ type: "NotificationSent", data: { ...what, messageId: sending.messageId, sentAt: now } });
    case "withheld":
      return accept({ type: "NotificationWithheld", data: { ...what, reason: sending.reason, withheldAt: now } });
    default:
      return unreachable(sending);
  }
};
