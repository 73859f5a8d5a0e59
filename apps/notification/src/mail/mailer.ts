import type { SubjectId } from "@cartwright/contracts/ids";
import type { Sealed } from "@cartwright/contracts/sealed";

/** Whoever carries mail out. One message under one key goes out once, however often it is sent. */
export type Mailer = {
  send(mail: OutgoingMail & { readonly key: string; readonly signal: AbortSignal }): Promise<Sent>;
  /** What went out under a key; null where nothing did. */
  sent(key: string): Promise<Sent | null>;
};

export type OutgoingMail = {
  readonly recipient: Recipient;
  readonly subject: string;
  readonly text: string;
};

export type Recipient = {
  readonly subjectId: SubjectId;
  /** For what delivers it; nobody keeps it. */
  readonly email: string;
  /** The same as it may be kept: unreadable once the person is forgotten. */
  readonly sealedEmail: Sealed;
};

export type Sent = { readonly messageId: string };
