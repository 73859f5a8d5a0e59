import type { SubjectId } from "@cartwright/contracts/ids";
import type { Sealed } from "@cartwright/contracts/sealed";

/** Copies of the mails that went out, to be looked at. To whom a mail went is kept sealed. */
export type Mailbox = {
  /** One under a key: the first stays. */
  keep(mail: MailToKeep): Promise<void>;
  /** The newest first. */
  list(request: MailboxRequest): Promise<readonly KeptMail[]>;
  /** Those that went out under these keys, the first one first. */
  kept(keys: readonly string[]): Promise<readonly KeptMail[]>;
};

export type MailboxRequest = { readonly recipient?: SubjectId; readonly before?: number; readonly limit: number };

export type MailToKeep = Omit<KeptMail, "number" | "sentAt" | "sealedEmail"> & { readonly key: string; readonly sealedEmail: Sealed };

export type KeptMail = {
  readonly number: number;
  readonly messageId: string;
  readonly recipient: SubjectId;
  /** Null in mails of a time when nobody's address was known here. */
  readonly sealedEmail: Sealed | null;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: Date;
};
