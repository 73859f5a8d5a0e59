import { mailboxMailer } from "./mailbox-mailer.ts";
import { mailerConformance } from "./mailer-conformance.ts";

mailerConformance("the mailbox as a mailer", async (mailbox) => ({
  mailer: mailboxMailer(mailbox),
  delivers: false,
  arrived: () => [],
  [Symbol.asyncDispose]: async () => {},
}));
