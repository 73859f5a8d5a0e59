import type { Mailbox } from "./mailbox.ts";
import type { Mailer } from "./mailer.ts";
import { messageIdOf } from "./message-id.ts";

/** Nothing leaves the installation: a mail has arrived when its copy is in the mailbox. */
export const mailboxMailer = (mailbox: Pick<Mailbox, "kept">): Mailer => ({
  send: async ({ key }) => ({ outcome: "sent", messageId: messageIdOf(key) }),
  async sent({ key }) {
    const [mail] = await mailbox.kept([key]);
    return mail ? { messageId: mail.messageId } : null;
  },
});
