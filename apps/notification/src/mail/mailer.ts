import type { SubjectId } from "@cartwright/contracts/ids";

/** Whoever carries mail out. One message under one key goes out once, however often it is sent. */
export type Mailer = {
  send(mail: OutgoingMail & { readonly key: string; readonly signal: AbortSignal }): Promise<Sent>;
};

export type OutgoingMail = {
  readonly recipient: SubjectId;
  readonly subject: string;
  readonly text: string;
};

export type Sent = { readonly messageId: string };
