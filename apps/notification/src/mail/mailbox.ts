import type { SubjectId } from "@cartwright/contracts/ids";
import type { Mailer, OutgoingMail } from "./mailer.ts";

/** A mailer that keeps what it is given, to be looked at: nothing leaves the installation. */
export type Mailbox = Mailer & {
  /** The newest first. */
  list(request: MailboxRequest): Promise<readonly KeptMail[]>;
};

export type MailboxRequest = { readonly recipient?: SubjectId; readonly before?: number; readonly limit: number };

export type KeptMail = OutgoingMail & { readonly number: number; readonly messageId: string; readonly sentAt: Date };
