import { checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { type NotificationEvent, notificationIdOf } from "@cartwright/contracts/notification-events";
import { Sealed } from "@cartwright/contracts/sealed";
import { specFor } from "@cartwright/decider/spec";
import { describe, expect, test } from "vitest";
import { mailOf } from "./mail-of.ts";
import { type Notification, notificationModel, type Requested } from "./notification.ts";
import { recordSending } from "./record-sending.ts";
import { requestNotification } from "./request-notification.ts";

const { given } = specFor<Notification, NotificationEvent>(notificationModel.initial, notificationModel.evolve);
const now = Instant.parse("2026-01-31T09:45:00.000Z");
const orderId = orderIdOf(checkoutIdOf(CartId.parse("00000000-0000-4000-8000-000000000001"), 1));
const whom = { kind: "order-paid", channel: "email", recipient: SubjectId.parse("user-123") } as const;
const ids = { notificationId: notificationIdOf({ kind: "order-paid", channel: "email", about: orderId }), ...whom };
const sealedEmail = Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`);
const contact = { email: sealedEmail, locale: "vi" };
const request: Requested = { ...ids, contact, facts: { orderId, amount: { amountMinor: 123_450, currency: "EUR" } }, requestedAt: now };
const requested: NotificationEvent = { type: "NotificationRequested", data: request };
const sent: NotificationEvent = { type: "NotificationSent", data: { ...ids, messageId: "<1@cartwright>", sentAt: now } };

const ask = (notification: Notification) => requestNotification(request, notification);
const send = (notification: Notification) =>
  recordSending({ sending: { outcome: "sent", messageId: "<1@cartwright>" }, now }, notification);
const withheld: NotificationEvent = { type: "NotificationWithheld", data: { ...ids, reason: "SubjectForgotten", withheldAt: now } };
const withhold = (notification: Notification) =>
  recordSending({ sending: { outcome: "withheld", reason: "SubjectForgotten" }, now }, notification);

describe("a notification", () => {
  test("is asked for once", () => {
    given().when(ask).yields(requested);
    given(requested).when(ask).changesNothing();
    given(requested, sent).when(ask).changesNothing();
  });

  test("is sent once, and only if it was asked for", () => {
    given(requested).when(send).yields(sent);
    given(requested, sent).when(send).changesNothing();
    given().when(send).changesNothing();
  });

  test("says so when there was nobody to send it to, and then stays unsent", () => {
    given(requested).when(withhold).yields(withheld);
    given(requested, withheld).when(send).changesNothing();
    given(requested, sent).when(withhold).changesNothing();
    given(requested, withheld).when(ask).changesNothing();
  });

  test.each([
    ["vi", "Đơn hàng", "thanh toán 1.234,50 €"],
    ["de-AT", "Ihre Bestellung", "1.234,50 € bezahlt"],
    ["en-GB", "Your order", "You have paid €1,234.50"],
    ["fr", "Your order", "You have paid €1,234.50"],
  ])("says what was paid as it is written by who speaks %s", (locale, subject, text) => {
    const mail = mailOf({ ...request, locale });
    expect(mail.subject).toContain(subject);
    expect(mail.subject).toContain(orderId);
    expect(mail.text.replaceAll("\u00a0", " ")).toContain(text);
  });

  test("of an order that cost nothing says so", () => {
    const free = { ...request, facts: { orderId, amount: { amountMinor: 0, currency: "EUR" as const } } };
    const texts = ["en", "de", "vi"].map((locale) => mailOf({ ...free, locale }).text);
    expect(texts.map((text) => /nothing to pay|nichts zu bezahlen|không phải thanh toán/.test(text) && !/0\.00/.test(text))).toEqual([
      ...[true, true, true],
    ]);
  });
});
