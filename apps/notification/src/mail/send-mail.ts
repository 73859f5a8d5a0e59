import { NotificationId, OrderId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { Money } from "@cartwright/contracts/money";
import {
  NotificationContact,
  type NotificationEvent,
  NotificationKind,
  notificationStreamId,
} from "@cartwright/contracts/notification-events";
import type { Sealed } from "@cartwright/contracts/sealed";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { type Intent, type IntentKind, NotPerformed, type TakenIntent } from "@cartwright/messaging/intents";
import { settled } from "@cartwright/messaging/reaction";
import type { OpenSealed } from "@cartwright/service-kit/open-remotely";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import { continuedSpan, currentTraceparent } from "@cartwright/service-kit/tracing";
import * as z from "zod";
import { mailOf } from "../notifications/mail-of.ts";
import type { Notification, Requested } from "../notifications/notification.ts";
import { recordSending, type SendingOutcome } from "../notifications/record-sending.ts";
import type { Mailer, Sent } from "./mailer.ts";

/** What an event of a notification asks the mailer for. */
export const mailAskedBy = ({ type, data }: NotificationEvent): Pick<Intent, "id" | "kind" | "payload"> | null =>
  type === "NotificationRequested" ? { id: mailIdOf(data.notificationId), kind: "mail", payload: payloadOf(data) } : null;

/** Under which the mail of a notification goes out. */
export const mailIdOf = (notificationId: NotificationId): string => `${notificationId}:send:1`;

const payloadOf = ({ notificationId, kind, recipient, contact, facts }: Requested): Intent["payload"] => ({
  notificationId,
  kind,
  recipient,
  contact,
  facts,
});

export type SendMailDeps = {
  readonly mailer: Mailer;
  /** Asks the owner of the keys each time: who was forgotten a moment ago gets no mail. */
  readonly open: OpenSealed;
  readonly handler: CommandHandler<Notification, NotificationEvent>;
  readonly now: () => Date;
};

/**
 * Mails are sent under the intent's id, and the mailer knows what it has sent under which. The address is opened now and not before; what
 * can't be opened any more is sent to nobody, and the notification says why.
 */
export const sendMail = ({ mailer, open, handler, now }: SendMailDeps): IntentKind<SendingOutcome> => {
  const perform = (intent: TakenIntent) =>
    inTrace(intent, async (): Promise<SendingOutcome> => {
      const { recipient, contact, kind, facts } = requestOf(intent);
      if (contact === null) return { outcome: "withheld", reason: "ContactMissing" };
      const email = await opened(open, contact.email);
      if (email === null) return { outcome: "withheld", reason: "SubjectForgotten" };
      const to = { subjectId: recipient, email, sealedEmail: contact.email };
      const mail = { ...mailOf({ kind, facts, locale: contact.locale }), recipient: to };
      return sent(await mailer.send({ ...mail, key: intent.id, signal: intent.signal }));
    });
  return {
    perform,
    async reconcile(intent) {
      const found = await mailer.sent(intent.id);
      return found ? { found: "outcome", outcome: sent(found) } : { found: "nothing" };
    },
    report: (intent, sending) =>
      inTrace(intent, () => {
        const { notificationId } = requestOf(intent);
        const traceparent = currentTraceparent();
        const command = { sending, now: instantOf(now()) };
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

const sent = ({ messageId }: Sent): SendingOutcome => ({ outcome: "sent", messageId });

const opened = async (open: OpenSealed, email: Sealed): Promise<string | null> => {
  try {
    const [text = null] = await open([{ field: "email", sealed: email }]);
    return text;
  } catch (cause) {
    throw new NotPerformed("the address could not be opened", { cause });
  }
};

/** The payload is what the event that asked said. */
const MailRequest = z.object({
  notificationId: NotificationId,
  kind: NotificationKind,
  recipient: SubjectId,
  // Absent in what was asked for before there was one.
  contact: NotificationContact.nullable().default(null),
  facts: z.object({ orderId: OrderId, amount: Money }),
});
const requestOf = ({ payload }: TakenIntent) => MailRequest.parse(payload);

const inTrace = <Result>(intent: TakenIntent, work: () => Promise<Result>): Promise<Result> => {
  const attributes = { "cartwright.intent": intent.id, "cartwright.attempt": intent.attempt };
  return continuedSpan({ name: "send mail", kind: "consumer", traceparent: traceparentOf(intent), attributes }, work);
};
