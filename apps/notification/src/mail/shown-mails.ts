import type { OpenSealed } from "@cartwright/service-kit/open-remotely";
import type { KeptMail, Mailbox, MailboxRequest } from "./mailbox.ts";

/** A mail as it is shown: with the address that it went to; null where its owner was forgotten. */
export type ShownMail = Omit<KeptMail, "sealedEmail"> & { readonly email: string | null };

export type ShownMails = { list(request: MailboxRequest): Promise<readonly ShownMail[]> };

/** Opens the addresses of a page together. */
export const shownMails = ({ mailbox, open }: { readonly mailbox: Pick<Mailbox, "list">; readonly open: OpenSealed }): ShownMails => ({
  async list(request) {
    const mails = await mailbox.list(request);
    const sealed = mails.flatMap(({ sealedEmail }) => (sealedEmail === null ? [] : [sealedEmail]));
    const emails = sealed.length > 0 ? await open(sealed.map((each) => ({ field: "email", sealed: each }))) : [];
    const emailOf = new Map(sealed.map((each, index) => [each, emails[index] ?? null]));
    return mails.map(({ sealedEmail, ...mail }) => ({ ...mail, email: sealedEmail === null ? null : (emailOf.get(sealedEmail) ?? null) }));
  },
});
