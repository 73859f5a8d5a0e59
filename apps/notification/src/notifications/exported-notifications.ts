import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId, NotificationId } from "@cartwright/contracts/ids";
import {
  NotificationChannel,
  NotificationKind,
  notificationEvents,
  notificationIdOf,
  notificationStreamId,
} from "@cartwright/contracts/notification-events";
import type { ExportedPart } from "@cartwright/contracts/privacy-export";
import type { EventLog } from "@cartwright/event-log/event-log";
import { exportedStreams } from "@cartwright/event-log/exported-streams";
import type { Mailbox } from "../mail/mailbox.ts";
import { mailIdOf } from "../mail/send-mail.ts";

export type ExportedNotifications = (checkoutIds: readonly CheckoutId[]) => Promise<ExportedPart>;

/** All notifications about these checkouts: which there can be is known from the kinds and the channels. */
export const exportedNotifications =
  ({ log, mailbox }: { readonly log: Pick<EventLog, "readStream">; readonly mailbox: Pick<Mailbox, "kept"> }): ExportedNotifications =>
  async (checkoutIds) => {
    const ids = checkoutIds.flatMap(idsAbout);
    const [streams, mails] = await Promise.all([
      exportedStreams({ log, decode: notificationEvents.decode }, ids.map(notificationStreamId)),
      mailbox.kept(ids.map(mailIdOf)),
    ]);
    return { streams, mails: mails.map(({ sealedEmail, subject, text, sentAt }) => ({ email: sealedEmail, subject, text, sentAt })) };
  };

const idsAbout = (checkoutId: CheckoutId): readonly NotificationId[] => {
  const about = orderIdOf(checkoutId);
  return NotificationKind.options.flatMap((kind) =>
    NotificationChannel.options.map((channel) => notificationIdOf({ kind, channel, about })),
  );
};
