import { decimalOf } from "@cartwright/contracts/decimal-of";
import type { NotificationKind } from "@cartwright/contracts/notification-events";
import type { OutgoingMail } from "../mail/mailer.ts";
import type { Requested } from "./notification.ts";

/** What a notification says as a mail. */
export const mailOf = ({ kind, recipient, facts }: Pick<Requested, "kind" | "recipient" | "facts">): OutgoingMail => ({
  recipient,
  ...templates[kind](facts),
});

const templates: Readonly<Record<NotificationKind, (facts: Requested["facts"]) => Omit<OutgoingMail, "recipient">>> = {
  "order-paid": ({ orderId, amount }) => ({
    subject: `Your order ${orderId}`,
    text: `Thank you for your order ${orderId}.\nYou have paid ${decimalOf(amount)} ${amount.currency}.\n`,
  }),
};
