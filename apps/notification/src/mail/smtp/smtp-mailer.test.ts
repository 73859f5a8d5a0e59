import { NotPerformed } from "@cartwright/messaging/intents";
import { freePort } from "@cartwright/testkit/free-port";
import { headersOfMail } from "@cartwright/testkit/headers-of-mail";
import { startMailCatcher } from "@cartwright/testkit/mail-catcher";
import { describe, expect, test } from "vitest";
import { inMemoryMailbox } from "../in-memory-mailbox.ts";
import { letter, mailerConformance } from "../mailer-conformance.ts";
import { smtpMailer } from "./smtp-mailer.ts";

const options = { from: "Shop <shop@example.com>", timeoutMs: 5_000, mailbox: inMemoryMailbox() };

mailerConformance("SMTP", async (mailbox) => {
  const catcher = await startMailCatcher();
  return {
    mailer: smtpMailer({ ...options, url: catcher.smtpUrl, mailbox }),
    delivers: true,
    arrived: () =>
      catcher
        .mails()
        .toReversed()
        .map(({ to, subject }) => ({ to: to.join(), subject })),
    [Symbol.asyncDispose]: () => catcher[Symbol.asyncDispose](),
  };
});

describe("SMTP", () => {
  test("gives a mail the same Message-ID each time, of the shop's domain, and its key where the server takes one", async () => {
    await using catcher = await startMailCatcher();
    const mailer = smtpMailer({ ...options, url: catcher.smtpUrl, keyHeader: "Resend-Idempotency-Key" });
    const key = "order-paid:email:1.1:send:1";
    const messageId = "<order-paid.email.1.1.send.1@example.com>";
    for (const _ of ["once", "twice"]) expect(await mailer.send(letter(key))).toEqual({ outcome: "sent", messageId });
    const headers = catcher.mails().map(({ raw }) => headersOfMail(raw));
    expect(headers.map((of) => [of.get("message-id"), of.get("resend-idempotency-key"), of.get("from")])).toEqual(
      Array.from({ length: 2 }, () => [messageId, key, "Shop <shop@example.com>"]),
    );
  });

  test("sends to the one address that it was given, whatever that looks like", async () => {
    await using catcher = await startMailCatcher();
    const mailer = smtpMailer({ ...options, url: catcher.smtpUrl });
    await mailer.send(letter("one", "ada+a@example.com"));
    await mailer.send(letter("two", "ada@example.com, eve@example.com")).catch(() => {});
    expect(catcher.mails().flatMap(({ to }) => to)).not.toContain("eve@example.com");
  });

  test("has taken nothing where nobody by that address is known, or where it refuses for now", async () => {
    await using catcher = await startMailCatcher({
      refuse: (address) => ({ "nobody@example.com": 550, "later@example.com": 450 })[address],
    });
    const mailer = smtpMailer({ ...options, url: catcher.smtpUrl });
    expect(await mailer.send(letter("one", "nobody@example.com"))).toEqual({ outcome: "refused" });
    const refusal = mailer.send(letter("two", "later@example.com"));
    await expect(refusal).rejects.toBeInstanceOf(NotPerformed);
    await expect(refusal).rejects.toThrow(/^((?!@).)*$/);
    expect(catcher.mails()).toEqual([]);
  });

  test("that is not there, or falls silent, may have taken a mail: nobody knows", async () => {
    const mailer = smtpMailer({ ...options, url: `smtp://127.0.0.1:${await freePort()}` });
    await expect(mailer.send(letter("one"))).rejects.not.toBeInstanceOf(NotPerformed);
    await using silent = await startMailCatcher({ answers: false });
    const waiting = smtpMailer({ ...options, url: silent.smtpUrl, timeoutMs: 1_000 });
    await expect(waiting.send(letter("one"))).rejects.not.toBeInstanceOf(NotPerformed);
    expect(silent.mails()).toHaveLength(1);
  });
});
