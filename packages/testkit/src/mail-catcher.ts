import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { freePort } from "./free-port.ts";
import { headersOfMail } from "./headers-of-mail.ts";
import { ServerUnavailable } from "./server-unavailable.ts";

/** A mail as it came, which nobody gets. */
export type CaughtMail = {
  readonly id: string;
  /** Of the envelope: whom it was really for. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly caughtAt: Date;
  /** The whole message. */
  readonly raw: string;
};

export type MailCatcher = AsyncDisposable & {
  /** `smtp://127.0.0.1:1025`: where mail is taken. */
  readonly smtpUrl: string;
  /** Where the mails are shown: `/api/v1/messages` and `/api/v1/message/ID/raw`, as Mailpit has them. */
  readonly url: string;
  /** The newest first. */
  mails(): readonly CaughtMail[];
};

export type MailCatcherOptions = {
  /** Of SMTP; a free one, unless given. */
  readonly port?: number;
  /** Of the list; a free one, unless given. */
  readonly httpPort?: number;
  /** The code by which mail for an address is refused; none, unless given. */
  readonly refuse?: (address: string) => number | undefined;
  /** Whether it says that it has taken a mail. It does, unless told not to. */
  readonly answers?: boolean;
};

/**
 * Takes every mail by SMTP, from anybody and for anybody, and keeps the newest in memory for whoever looks. Listens on the loopback.
 *
 * @throws {ServerUnavailable} when a port cannot be had.
 */
export const startMailCatcher = async ({ port, httpPort, refuse, answers = true }: MailCatcherOptions = {}): Promise<MailCatcher> => {
  const mails: CaughtMail[] = [];
  const keep = (session: SMTPServerSession, raw: string) => {
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom ? mailFrom.address : "";
    const subject = headersOfMail(raw).get("subject") ?? "";
    mails.unshift({ id: crypto.randomUUID(), from, to: rcptTo.map(({ address }) => address), subject, caughtAt: new Date(), raw });
    mails.length = Math.min(mails.length, MOST_MAILS);
  };
  const smtp = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, taken) {
      const responseCode = refuse?.(address);
      taken(responseCode === undefined ? null : Object.assign(new Error(`no mail for ${address}`), { responseCode }));
    },
    onData(stream: SMTPServerDataStream, session, taken) {
      buffer(stream).then((bytes) => {
        keep(session, bytes.toString("utf8"));
        if (answers) taken();
      }, taken);
    },
  });
  const smtpPort = port ?? (await freePort());
  await listening(smtp, smtpPort);
  try {
    const list = Bun.serve({ port: httpPort ?? (await freePort()), hostname: "127.0.0.1", fetch: (request) => shown(request, mails) });
    return {
      smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
      url: list.url.origin,
      mails: () => mails,
      async [Symbol.asyncDispose]() {
        await Promise.all([list.stop(true), closed(smtp)]);
      },
    };
  } catch (cause) {
    await closed(smtp);
    throw new ServerUnavailable(`the list of mails cannot be shown: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

const MOST_MAILS = 1_000;

const listening = (smtp: SMTPServer, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    smtp.once("error", (error) => reject(new ServerUnavailable(`mail cannot be taken: ${error.message}`)));
    smtp.listen(port, "127.0.0.1", () => {
      // A client that breaks off is its own business.
      smtp.on("error", () => {});
      resolve();
    });
  });

const closed = (smtp: SMTPServer): Promise<void> => new Promise((resolve) => smtp.close(resolve));

const shown = (request: Request, mails: readonly CaughtMail[]): Response => {
  const { pathname } = new URL(request.url);
  if (pathname === "/") return Response.redirect("/api/v1/messages");
  if (pathname === "/api/v1/messages") return Response.json({ total: mails.length, messages: mails.map(summaryOf) });
  const [, id] = /^\/api\/v1\/message\/([^/]+)\/raw$/.exec(pathname) ?? [];
  const mail = mails.find((each) => each.id === id);
  return mail ? new Response(mail.raw, { headers: { "content-type": "text/plain; charset=utf-8" } }) : new Response(null, { status: 404 });
};

const summaryOf = ({ id, from, to, subject, caughtAt, raw }: CaughtMail) => ({
  ID: id,
  From: { Address: from },
  To: to.map((address) => ({ Address: address })),
  Subject: subject,
  Created: caughtAt.toISOString(),
  Size: Buffer.byteLength(raw),
});
