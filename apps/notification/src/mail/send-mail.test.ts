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
import { inMemoryMailbox } from "./in-memory-mailbox.ts";
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
  const outside = { isAway: false, isForgotten: false, losesAnswers: false, refuses: false };
  const box = new Map<string, OutgoingMail>();
  const mailbox = inMemoryMailbox();
  const kind = sendMail({
    mailer: {
      async send({ key, recipient, subject, text }) {
        if (outside.refuses) return { outcome: "refused" };
        box.set(key, { recipient, subject, text });
        if (outside.losesAnswers) throw new Error("the answer was lost");
        return { outcome: "sent", messageId: key };
      },
      sent: async ({ key }) => (box.has(key) ? { messageId: key } : null),
    },
    mailbox,
    async open(values) {
      if (outside.isAway) throw new Error("the cart service is away");
      return values.map(() => (outside.isForgotten ? null : "ada@example.com"));
    },
    handler,
    now: () => new Date(now),
  });
  const intent = mailAskedBy({ type: "NotificationRequested", data: asked });
  if (!intent) throw new Error("a mail is asked for");
  const lease = { signal: new AbortController().signal, endsAt: new Date(Date.parse(now) + 48_000) };
  const taken = { ...intent, streamId, metadata: {}, attempt: 1, faults: 0, ...lease };
  return {
    kind,
    taken,
    outside,
    box,
    mailbox,
    told: async () => (await log.readStream(streamId)).map(({ type, data }) => ({ type, ...data })),
  };
};

test("a mail goes to the contact of the order, in its language, and nothing but the mail holds the address", async () => {
  const { kind, taken, box, told } = await start();
  expect(JSON.stringify(taken)).not.toContain("ada@example.com");
  await kind.report(taken, await kind.perform(taken));
  expect(box.get(taken.id)).toMatchObject({ recipient: { subjectId: "user-123", email: "ada@example.com" } });
  expect(box.get(taken.id)?.subject).toContain("Đơn hàng");
  expect((await told()).at(-1)).toMatchObject({ type: "NotificationSent", messageId: taken.id });
  expect(JSON.stringify(await told())).not.toContain("ada@example.com");
});

test("what is told as sent has its copy in the mailbox, sealed, once, whoever found out that it had gone out", async () => {
  const { kind, taken, mailbox, outside } = await start();
  outside.losesAnswers = true;
  await expect(kind.perform(taken)).rejects.toThrow("lost");
  expect(await mailbox.list({ limit: 10 })).toEqual([]);
  const found = await kind.reconcile(taken);
  if (found.found !== "outcome") throw new Error("it is found");
  for (const _ of ["told", "told again"]) await kind.report(taken, found.outcome);
  expect(await mailbox.list({ limit: 10 })).toMatchObject([{ messageId: taken.id, recipient: "user-123", sealedEmail }]);
  expect(JSON.stringify(await mailbox.list({ limit: 10 }))).not.toContain("ada@example.com");
});

test("an address that takes no mail gets none again, and the notification says so", async () => {
  const { kind, taken, outside, mailbox, told } = await start();
  outside.refuses = true;
  await kind.report(taken, await kind.perform(taken));
  expect((await told()).at(-1)).toMatchObject({ type: "NotificationWithheld", reason: "AddressRefused" });
  expect(await mailbox.list({ limit: 10 })).toEqual([]);
});

test("a worker that was frozen until its mail was somebody else's sends nothing", async () => {
  const { kind, taken, box } = await start();
  await expect(kind.perform({ ...taken, endsAt: new Date(now) })).rejects.toBeInstanceOf(NotPerformed);
  expect(box.size).toBe(0);
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
