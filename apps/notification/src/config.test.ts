import { parseConfig } from "@cartwright/service-kit/config";
import { expect, test } from "vitest";
import { notificationConfig, notificationProcessConfig, senderOf } from "./config.ts";

const parse = (environment: Record<string, string>) => parseConfig(notificationConfig, environment);
const smtp = { SMTP_URL: "smtp://127.0.0.1:1025" };
const postmark = { POSTMARK_SERVER_TOKEN: "token" };
const production = { APP_ENV: "production" };

test("mails go out by one way or by none", () => {
  expect(parse({})).toMatchObject({ SMTP_URL: "", POSTMARK_SERVER_TOKEN: "" });
  expect(() => parse({ ...smtp, ...postmark })).toThrow("SMTP_URL: does not go together with POSTMARK_SERVER_TOKEN");
  expect(() => parse({ SMTP_URL: "http://127.0.0.1:1025" })).toThrow("SMTP_URL");
});

test("in production who sends has to be said, and nowhere else", () => {
  for (const way of [smtp, postmark]) {
    expect(() => parse({ ...production, ...way })).toThrow("MAIL_FROM: is required in production, where mails go out");
    expect(senderOf(parse({ ...production, ...way, MAIL_FROM: "Shop <shop@example.com>" }))).toBe("Shop <shop@example.com>");
    expect(senderOf(parse(way))).toBe("Cartwright <shop@localhost>");
  }
  expect(parse(production)).toMatchObject({ MAIL_FROM: "" });
});

test.each(["shop", "Shop <shop@example.com>\r\nBcc: eve@example.com", "a@b, c@d", "a@b>"])(
  "%j is nobody whom a mail can come from",
  (MAIL_FROM) => {
    expect(() => parse({ MAIL_FROM })).toThrow("MAIL_FROM");
  },
);

test("every variable says what it is for", () => {
  for (const field of Object.values(notificationProcessConfig.shape)) expect(field.description?.length ?? 0).toBeGreaterThan(10);
});
