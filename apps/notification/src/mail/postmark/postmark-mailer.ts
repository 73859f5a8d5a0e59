import { NotPerformed } from "@cartwright/messaging/intents";
import * as z from "zod";
import type { Mailer } from "../mailer.ts";

export type PostmarkMailerOptions = {
  /** Of the server at Postmark, not of the account. */
  readonly token: string;
  /** Where Postmark is, unless it is Postmark. */
  readonly url: string;
  /** One of the server's message streams. */
  readonly stream: string;
  /** `Shop <shop@example.com>`, of a domain or an address that Postmark knows to be the shop's. */
  readonly from: string;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

/**
 * Postmark, by its HTTP API: https://postmarkapp.com/developer. It has no idempotency keys. So the key goes with the mail as metadata, by
 * which Postmark finds it for as long as it keeps mails: 45 days, or up to 365 by the server's setting.
 */
export const postmarkMailer = ({ fetch = globalThis.fetch, ...options }: PostmarkMailerOptions): Mailer => {
  const { token, url, stream: MessageStream, from: From, timeoutMs } = options;
  const ask = (path: string, signal: AbortSignal, mail?: object) =>
    fetch(new URL(path, url).href, {
      headers: { accept: "application/json", "content-type": "application/json", "x-postmark-server-token": token },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      ...(mail && { method: "POST", body: JSON.stringify(mail) }),
    });
  return {
    shownAfterMs: SHOWN_AFTER_MS,
    async send({ key, recipient, subject: Subject, text: TextBody, signal }) {
      const mail = { From, To: recipient.email, Subject, TextBody, MessageStream, Metadata: { [keyName]: key } };
      const response = await ask("/email", signal, mail);
      if (!response.ok) return refusal(response);
      const { MessageID } = Accepted.parse(await response.json());
      return { outcome: "sent", messageId: MessageID };
    },
    async sent({ key, signal }) {
      const query = new URLSearchParams({ count: "1", offset: "0", messagestream: MessageStream, [`metadata_${keyName}`]: key });
      const response = await ask(`/messages/outbound?${query}`, signal);
      if (!response.ok) throw new Error(`Postmark answered a search with ${response.status}`);
      const [found] = Found.parse(await response.json()).Messages;
      return found ? { messageId: found.MessageID } : null;
    },
  };
};

/** Postmark takes names of up to 20 characters there, and values of up to 80. */
const keyName = "mailkey";

/** Postmark does not say how long its search takes to know of a mail. Meant to be longer than that. */
const SHOWN_AFTER_MS = 60_000;

const Accepted = z.object({ ErrorCode: z.literal(0), MessageID: z.string() });
const Found = z.object({ Messages: z.array(z.object({ MessageID: z.string() })) });
const Refused = z.object({ ErrorCode: z.int() });

/** The address has bounced for good, or whoever has it complained. https://postmarkapp.com/developer/api/overview#error-codes */
const INACTIVE_RECIPIENT = 406;

/** Its message can hold the address, and stays behind. */
const refusal = async (response: Response): Promise<{ outcome: "refused" }> => {
  const { data } = Refused.safeParse(await response.json().catch(() => null));
  if (response.status === 422 && data?.ErrorCode === INACTIVE_RECIPIENT) return { outcome: "refused" };
  const said = `Postmark answered ${response.status}${data ? `, code ${data.ErrorCode}` : ""}`;
  // A wrong token, a sender that it does not know, too many mails: seen before anything is done. 408 is what stands between may say.
  if (response.status < 500 && response.status !== 408) throw new NotPerformed(said);
  throw new Error(said);
};
