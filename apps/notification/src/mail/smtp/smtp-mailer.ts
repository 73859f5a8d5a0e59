import { NotPerformed } from "@cartwright/messaging/intents";
import { createTransport } from "nodemailer";
import type { Mailbox } from "../mailbox.ts";
import { mailboxMailer } from "../mailbox-mailer.ts";
import type { HandedOver, Mailer } from "../mailer.ts";
import { messageIdOf } from "../message-id.ts";

export type SmtpMailerOptions = {
  /** `smtp://user:password@host:587`, or `smtps://…:465`, which is encrypted from the first byte. */
  readonly url: string;
  /** `Shop <shop@example.com>`. */
  readonly from: string;
  /** In which the server takes an idempotency key, if it takes one, such as `Resend-Idempotency-Key`. */
  readonly keyHeader?: string;
  /** How long the server may be silent. */
  readonly timeoutMs: number;
  /** All that is known of what went out: SMTP has no question for it. */
  readonly mailbox: Pick<Mailbox, "kept">;
};

/**
 * Any server of SMTP. It cannot be asked what it has taken: a mail whose answer was lost, and after a restore one that the mailbox has
 * forgotten, goes out a second time, under the Message-ID of the first.
 */
export const smtpMailer = ({ url, from, keyHeader, timeoutMs, mailbox }: SmtpMailerOptions): Mailer => {
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs };
  const transport = createTransport({ url, ...timeouts });
  const domain = /@([^@>\s]+)>?$/.exec(from)?.[1];
  return {
    sent: mailboxMailer(mailbox).sent,
    async send({ key, recipient, subject, text, signal }): Promise<HandedOver> {
      const messageId = messageIdOf(key, domain);
      const headers = keyHeader === undefined ? {} : { [keyHeader]: key };
      const mail = { from, to: { name: "", address: recipient.email }, subject, text, messageId, headers };
      try {
        await endingWith(signal, transport.sendMail(mail));
        return { outcome: "sent", messageId };
      } catch (error) {
        return refusalOf(error);
      }
    },
  };
};

type SmtpError = { readonly command?: string; readonly responseCode?: number; readonly code?: string };

/** The server's own words can hold the address, and stay behind. */
const refusalOf = (error: unknown): { outcome: "refused" } => {
  const { command = "", responseCode, code = "" } = (error instanceof Error ? error : {}) as SmtpError;
  if (command === "RCPT TO" && NO_SUCH_ADDRESS.has(responseCode ?? 0)) return { outcome: "refused" };
  const said = `the mail server failed: ${[code, command, responseCode].filter(Boolean).join(" ")}`;
  // What was answered with a no was not taken, and before the content is sent nothing can have been.
  if (responseCode !== undefined || BEFORE_THE_CONTENT.test(command)) throw new NotPerformed(said);
  throw new Error(said);
};

/** For good, by RFC 5321 and RFC 7504: no such mailbox, not here, a name that cannot be one, a domain that takes none. */
const NO_SUCH_ADDRESS = new Set([550, 551, 553, 556]);
const BEFORE_THE_CONTENT = /^(EHLO|HELO|LHLO|STARTTLS|AUTH.*|MAIL FROM|RCPT TO)$/;

const endingWith = async <Answer>(signal: AbortSignal, call: Promise<Answer>): Promise<Answer> => {
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([call, ended.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
};
