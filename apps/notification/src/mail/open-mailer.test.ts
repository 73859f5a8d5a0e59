import { parseConfig } from "@cartwright/service-kit/config";
import { type Logger, silentLogger } from "@cartwright/service-kit/logger";
import { startMailCatcher } from "@cartwright/testkit/mail-catcher";
import { expect, test } from "vitest";
import { notificationConfig } from "../config.ts";
import { inMemoryMailbox } from "./in-memory-mailbox.ts";
import { letter } from "./mailer-conformance.ts";
import { openMailer } from "./open-mailer.ts";

/** The mailer by that configuration, and what was logged of it. */
const open = (environment: Record<string, string>) => {
  const lines: unknown[] = [];
  const say = (level: string) => (fields: object, message?: string) => void lines.push([level, fields, message]);
  const logger: Logger = { ...silentLogger, info: say("info"), warn: say("warn") };
  const config = parseConfig(notificationConfig, environment);
  return { mailer: openMailer({ config, mailbox: inMemoryMailbox(), logger }), lines };
};

test("mails go by SMTP to the server that is named, and its password is in no log", async () => {
  await using catcher = await startMailCatcher();
  const { mailer, lines } = open({ SMTP_URL: catcher.smtpUrl, MAIL_FROM: "Shop <shop@example.com>" });
  await mailer.send(letter("one"));
  expect(catcher.mails()).toMatchObject([{ from: "shop@example.com", to: ["ada@example.com"] }]);
  expect(lines).toMatchObject([["info", { from: "Shop <shop@example.com>" }, "mails go out by SMTP"]]);
  expect(JSON.stringify(open({ SMTP_URL: "smtp://shop:open-sesame@mail.example.com" }).lines)).not.toContain("sesame");
});

test("mails go by Postmark where there is a token of it", () => {
  const { mailer, lines } = open({ POSTMARK_SERVER_TOKEN: "open-sesame" });
  expect(mailer.shownAfterMs).toBe(60_000);
  expect(JSON.stringify(lines)).toContain("mails go out by Postmark");
  expect(JSON.stringify(lines)).not.toContain("sesame");
});

test("without configuration nobody is mailed, which in production is worth a warning", async () => {
  const { mailer, lines } = open({});
  expect(await mailer.send(letter("one"))).toEqual({ outcome: "sent", messageId: "<one@cartwright>" });
  expect(lines).toMatchObject([["info", {}, "mails go to the mailbox, and to nobody else"]]);
  expect(open({ APP_ENV: "production" }).lines).toMatchObject([["warn", {}, "mails go to the mailbox, and to nobody else"]]);
});
