import { checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { notificationIdOf, notificationStreamId } from "@cartwright/contracts/notification-events";
import { Sealed } from "@cartwright/contracts/sealed";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { NotPerformed } from "@cartwright/messaging/intents";
import { expect, test } from "vitest";
import { notificationModel, type Requested } from "../notifications/notification.ts";
import { requestNotification } from "../notifications/request-notification.ts";
import type { OutgoingMail } from "./mailer.ts";
import { mailAskedBy, sendMail } from "./send-mail.ts";

const sealedEmail = Sealed.parse(`sealed.1.${"A".repeat(22)}.${"b".repeat(16)}.${"c".repeat(40)}`);
const now = Instant.parse("2026-01-31T09:45:00.000Z");
const orderId = orderIdOf(checkoutIdOf(CartId.parse("00000000-0000-4000-8000-000000000001"), 1));
const notificationId = notificationIdOf({ kind: "order-paid", channel: "email", about: orderId });
const streamId = notificationStreamId(notificationId);
const request: Requested = {
  ...{ notificationId, kind: "order-paid", channel: "email", recipient: SubjectId.parse("user-123"), requestedAt: now },
  contact: { email: sealedEmail, locale: "vi" },
  facts: { orderId, amount: { amountMinor: 123_450, currency: "EUR" } },
};

/** A notification that was asked for, a cart service that opens its address, and what went out. */
const start = async (asked: Requested = request) => {
  const log = inMemoryEventLog({ name: "notification" });
  const handler = commandHandler({ log, model: notificationModel });
  const decide = (notification: Parameters<typeof requestNotification>[1]) => requestNotification(asked, notification);
  await handler.handle({ streamId, fingerprint: "ask", metadata: {}, decide });
  const outside = { isAway: false, isForgotten: false, losesAnswers: false };
  const box = new Map<string, OutgoingMail>();
  const kind = sendMail({
    mailer: {
      async send({ key, recipient, subject, text }) {
        box.set(key, { recipient, subject, text });
        if (outside.losesAnswers) throw new Error("the answer was lost");
        return { messageId: key };
      },
      sent: async (key) => (box.has(key) ? { messageId: key } : null),
    },
    async open(values) {
      if (outside.isAway) throw new Error("the cart service is away");
      return values.map(() => (outside.isForgotten ? null : "ada@example.com"));
    },
    handler,
    now: () => new Date(now),
  });
  const intent = mailAskedBy({ type: "NotificationRequested", data: asked });
  if (!intent) throw new Error("a mail is asked for");
  const taken = { ...intent, streamId, metadata: {}, attempt: 1, faults: 0, signal: new AbortController().signal };
  return { kind, taken, outside, box, told: async () => (await log.readStream(streamId)).map(({ type, data }) => ({ type, ...data })) };
};

test("a mail goes to the contact of the order, in its language, and nothing but the mail holds the address", async () => {
  const { kind, taken, box, told } = await start();
  expect(JSON.stringify(taken)).not.toContain("ada@example.com");
  await kind.report(taken, await kind.perform(taken));
  expect(box.get(taken.id)).toMatchObject({ recipient: { subjectId: "user-123", email: "ada@example.com", sealedEmail } });
  expect(box.get(taken.id)?.subject).toContain("Đơn hàng");
  expect((await told()).at(-1)).toMatchObject({ type: "NotificationSent", messageId: taken.id });
  expect(JSON.stringify(await told())).not.toContain("ada@example.com");
});

test("who was forgotten before it was sent gets none, and the notification says so", async () => {
  const { kind, taken, outside, box, told } = await start();
  outside.isForgotten = true;
  await kind.report(taken, await kind.perform(taken));
  expect(box.size).toBe(0);
  expect((await told()).at(-1)).toMatchObject({ type: "NotificationWithheld", reason: "SubjectForgotten", recipient: "user-123" });
});

test("an order without a contact is nobody's mail", async () => {
  const { kind, taken, box, told } = await start({ ...request, contact: null });
  await kind.report(taken, await kind.perform(taken));
  expect(box.size).toBe(0);
  expect((await told()).at(-1)).toMatchObject({ type: "NotificationWithheld", reason: "ContactMissing" });
});

test("while the keys are out of reach nothing is sent, and nothing is unknown", async () => {
  const { kind, taken, outside, box } = await start();
  outside.isAway = true;
  await expect(kind.perform(taken)).rejects.toBeInstanceOf(NotPerformed);
  expect(box.size).toBe(0);
  outside.isAway = false;
  expect(await kind.perform(taken)).toEqual({ outcome: "sent", messageId: taken.id });
});

test("a mail that had gone out when its answer was lost is told as sent, also of who was forgotten since; one that had not is not", async () => {
  const { kind, taken, outside } = await start();
  expect(await kind.reconcile(taken)).toEqual({ found: "nothing" });
  outside.losesAnswers = true;
  await expect(kind.perform(taken)).rejects.toThrow("lost");
  outside.isForgotten = true;
  expect(await kind.reconcile(taken)).toEqual({ found: "outcome", outcome: { outcome: "sent", messageId: taken.id } });
});
