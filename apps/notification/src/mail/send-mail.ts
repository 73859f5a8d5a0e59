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
import type { Mailbox } from "./mailbox.ts";
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
  /** Has a copy of each mail that is told as sent. */
  readonly mailbox: Pick<Mailbox, "keep">;
  /** Asks the owner of the keys each time: who was forgotten a moment ago gets no mail. */
  readonly open: OpenSealed;
  readonly handler: CommandHandler<Notification, NotificationEvent>;
  readonly now: () => Date;
};

/**
 * Mails are sent under the intent's id, and the mailer is asked what it has sent under which. The address is opened now and not before; what
 * can't be opened any more is sent to nobody, and the notification says why.
 */
export const sendMail = ({ mailer, mailbox, open, handler, now }: SendMailDeps): IntentKind<SendingOutcome> => {
  const perform = (intent: TakenIntent) =>
    inTrace(intent, async (): Promise<SendingOutcome> => {
      const request = requestOf(intent);
      const { recipient, contact } = request;
      if (contact === null) return { outcome: "withheld", reason: "ContactMissing" };
      const email = await opened(open, contact.email);
      if (email === null) return { outcome: "withheld", reason: "SubjectForgotten" };
      const { id: key, signal, endsAt } = intent;
      if (now() >= endsAt) throw new NotPerformed("it is somebody else's by now");
      const to = { subjectId: recipient, email };
      const handedOver = await mailer.send({ ...textOf({ ...request, contact }), recipient: to, key, signal });
      return handedOver.outcome === "refused" ? { outcome: "withheld", reason: "AddressRefused" } : sent(handedOver);
    });
  const keepCopy = async ({ id: key, ...intent }: TakenIntent, { messageId }: Sent) => {
    const { contact, recipient, ...request } = requestOf(intent);
    if (contact === null) return;
    await mailbox.keep({ ...textOf({ ...request, contact }), key, messageId, recipient, sealedEmail: contact.email });
  };
  return {
    perform,
    shownAfterMs: mailer.shownAfterMs,
    async reconcile({ id: key, signal }) {
      const found = await mailer.sent({ key, signal });
      return found ? { found: "outcome", outcome: sent(found) } : { found: "nothing" };
    },
    report: (intent, sending) =>
      inTrace(intent, async () => {
        if (sending.outcome === "sent") await keepCopy(intent, sending);
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
const requestOf = ({ payload }: Pick<TakenIntent, "payload">) => MailRequest.parse(payload);

const textOf = ({ kind, facts, contact }: Pick<Requested, "kind" | "facts"> & { readonly contact: NotificationContact }) =>
  mailOf({ kind, facts, locale: contact.locale });

const inTrace = <Result>(intent: TakenIntent, work: () => Promise<Result>): Promise<Result> => {
  const attributes = { "cartwright.intent": intent.id, "cartwright.attempt": intent.attempt };
  return continuedSpan({ name: "send mail", kind: "consumer", traceparent: traceparentOf(intent), attributes }, work);
};
