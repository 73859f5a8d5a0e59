import type { SubjectId } from "@cartwright/contracts/ids";

/** Whoever carries mail out. What it has handed over under a key it is not asked for again, as far as `sent` can tell. */
export type Mailer = {
  /** Throws `NotPerformed` where surely nothing went out. After any other throw nobody knows, and `sent` is asked first. */
  send(mail: OutgoingMail & KeyedCall): Promise<HandedOver>;
  /** What went out under a key; null where nothing is known to have. */
  sent(call: KeyedCall): Promise<Sent | null>;
  /** How long it may take until `sent` knows of a mail. Default 0 ms. */
  readonly shownAfterMs?: number;
};

/** `key` is of the notification and of no event, so that it is the same after a restore. */
export type KeyedCall = { readonly key: string; readonly signal: AbortSignal };

export type OutgoingMail = {
  readonly recipient: Recipient;
  readonly subject: string;
  readonly text: string;
};

export type Recipient = {
  readonly subjectId: SubjectId;
  /** For what delivers it; nobody keeps it. */
  readonly email: string;
};

export type Sent = { readonly messageId: string };

/** Refused: that address is taken no mail for, whoever asks. */
export type HandedOver = ({ readonly outcome: "sent" } & Sent) | { readonly outcome: "refused" };
