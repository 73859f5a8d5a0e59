import { type AcceptedMail, postmarkImitation } from "@cartwright/notification/mail/postmark/postmark-imitation";

export type MailProvider = AsyncDisposable & {
  /** By which notifications take it for Postmark. */
  readonly environment: Readonly<Record<string, string>>;
  /** All mails that it has accepted, by the checkout whose order they are about. */
  mails(): ReadonlyMap<string, readonly AcceptedMail[]>;
};

/** For tests: a Postmark with books of its own, which no restore of the shop's database takes back. */
export const startMailProvider = (): MailProvider => {
  const { app, accepted } = postmarkImitation();
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => app.fetch(request) });
  return {
    environment: { POSTMARK_SERVER_TOKEN: "token_of_a_test", POSTMARK_API_URL: server.url.origin },
    mails: () => Map.groupBy(accepted(), ({ key }) => /^order-paid:email:(.+):send:1$/.exec(key)?.[1] ?? key),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
};
