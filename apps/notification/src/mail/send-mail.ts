import { NotificationId, OrderId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { Money } from "@cartwright/contracts/money";
import { type NotificationEvent, NotificationKind, notificationStreamId } from "@cartwright/contracts/notification-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { Intent, IntentKind, TakenIntent } from "@cartwright/messaging/intents";
import { settled } from "@cartwright/messaging/reaction";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import { continuedSpan, currentTraceparent } from "@cartwright/service-kit/tracing";
import * as z from "zod";
import { mailOf } from "../notifications/mail-of.ts";
import type { Notification, Requested } from "../notifications/notification.ts";
import { recordSending } from "../notifications/record-sending.ts";
import type { Mailer, Sent } from "./mailer.ts";

/** What an event of a notification asks the mailer for. */
export const mailAskedBy = ({ type, data }: NotificationEvent): Pick<Intent, "id" | "kind" | "payload"> | null =>
  type === "NotificationRequested" ? { id: `${data.notificationId}:send:1`, kind: "mail", payload: payloadOf(data) } : null;

const payloadOf = ({ notificationId, kind, recipient, facts }: Requested): Intent["payload"] => ({
  notificationId,
  kind,
  recipient,
  facts,
});

export type SendMailDeps = {
  readonly mailer: Mailer;
  readonly handler: CommandHandler<Notification, NotificationEvent>;
  readonly now: () => Date;
};

/** Mails are sent under the intent's id: the mailer keeps it, so to ask what became of one is to send it again. */
export const sendMail = ({ mailer, handler, now }: SendMailDeps): IntentKind<Sent> => {
  const perform = (intent: TakenIntent) =>
    inTrace(intent, () => mailer.send({ ...mailOf(requestOf(intent)), key: intent.id, signal: intent.signal }));
  return {
    perform,
    reconcile: async (intent) => ({ found: "outcome", outcome: await perform(intent) }),
    report: (intent, { messageId }) =>
      inTrace(intent, () => {
        const { notificationId } = requestOf(intent);
        const traceparent = currentTraceparent();
        const command = { messageId, now: instantOf(now()) };
        return settled(
          handler.handle({
            streamId: notificationStreamId(notificationId),
            key: intent.id,
            fingerprint: intent.kind,
            metadata: { ...intent.metadata, ...(traceparent !== undefined && { traceparent }) },
            decide: (notification) => recordSending(command, notification),
          }),
        );
      }),
  };
};

/** The payload is what the event that asked said. */
const MailRequest = z.object({
  notificationId: NotificationId,
  kind: NotificationKind,
  recipient: SubjectId,
  facts: z.object({ orderId: OrderId, amount: Money }),
});
const requestOf = ({ payload }: TakenIntent) => MailRequest.parse(payload);

const inTrace = <Result>(intent: TakenIntent, work: () => Promise<Result>): Promise<Result> => {
  const attributes = { "cartwright.intent": intent.id, "cartwright.attempt": intent.attempt };
  return continuedSpan({ name: "send mail", kind: "consumer", traceparent: traceparentOf(intent), attributes }, work);
};
