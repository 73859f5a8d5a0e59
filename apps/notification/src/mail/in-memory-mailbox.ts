import type { KeptMail, Mailbox } from "./mailbox.ts";

/** For tests. */
export const inMemoryMailbox = (): Mailbox => {
  const mails = new Map<string, KeptMail>();
  const newestFirst = () => [...mails.values()].toReversed();
  return {
    async keep({ key, ...mail }) {
      if (!mails.has(key)) mails.set(key, { ...mail, number: mails.size + 1, sentAt: new Date() });
    },
    kept: async (keys) => [...mails].flatMap(([key, mail]) => (keys.includes(key) ? [mail] : [])),
    list: async ({ recipient, before = Number.POSITIVE_INFINITY, limit }) =>
      newestFirst()
        .filter((mail) => (recipient === undefined || mail.recipient === recipient) && mail.number < before)
        .slice(0, limit),
  };
};
