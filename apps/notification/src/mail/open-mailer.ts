import type { Logger } from "@cartwright/service-kit/logger";
import { type NotificationConfig, senderOf } from "../config.ts";
import type { Mailbox } from "./mailbox.ts";
import { mailboxMailer } from "./mailbox-mailer.ts";
import type { Mailer } from "./mailer.ts";
import { postmarkMailer } from "./postmark/postmark-mailer.ts";
import { smtpMailer } from "./smtp/smtp-mailer.ts";

export type OpenMailerOptions = { readonly config: NotificationConfig; readonly mailbox: Mailbox; readonly logger: Logger };

/** Whoever the configuration names, or nobody: mails then go to the mailbox and no further. */
export const openMailer = ({ config, mailbox, logger }: OpenMailerOptions): Mailer => {
  const { POSTMARK_SERVER_TOKEN: token, SMTP_URL: smtp, SMTP_KEY_HEADER: keyHeader } = config;
  const from = senderOf(config);
  const common = { from, timeoutMs: config.MAIL_TIMEOUT };
  if (token !== "") {
    logger.info({ from }, "mails go out by Postmark");
    return postmarkMailer({ ...common, token, url: config.POSTMARK_API_URL, stream: config.POSTMARK_STREAM });
  }
  if (smtp !== "") {
    logger.info({ from, server: new URL(smtp).host }, "mails go out by SMTP");
    return smtpMailer({ ...common, url: smtp, mailbox, ...(keyHeader !== "" && { keyHeader }) });
  }
  logger[config.APP_ENV === "production" ? "warn" : "info"]({}, "mails go to the mailbox, and to nobody else");
  return mailboxMailer(mailbox);
};
