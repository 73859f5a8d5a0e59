import { checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { type NotificationEvent, notificationIdOf } from "@cartwright/contracts/notification-events";
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
const request: Requested = { ...ids, facts: { orderId, amount: { amountMinor: 123_450, currency: "EUR" } }, requestedAt: now };
const requested: NotificationEvent = { type: "NotificationRequested", data: request };
const sent: NotificationEvent = { type: "NotificationSent", data: { ...ids, messageId: "<1@cartwright>", sentAt: now } };

const ask = (notification: Notification) => requestNotification(request, notification);
const send = (notification: Notification) => recordSending({ messageId: "<1@cartwright>", now }, notification);

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

  test("says what was paid, with its decimal point", () => {
    const mail = mailOf(request);
    expect(mail).toMatchObject({ recipient: "user-123", subject: `Your order ${orderId}` });
    expect(mail.text).toContain("1234.50 EUR");
  });
});
