import { type BillingEvent, billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { accept } from "@cartwright/decider/decision";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { nothingParked } from "@cartwright/service-kit/parked-procedures";
import { remoteLog } from "@cartwright/service-kit/remote-log";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { callers } from "@cartwright/service-kit/testing/callers";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { expect, test } from "vitest";
import { billingApp } from "./app.ts";
import type { Books, ListedPayment, ListQuestion } from "./books/books.ts";
import { paymentCommands } from "./payments/payment-commands.ts";
import { paymentModel } from "./payments/payment-model.ts";
import { payments } from "./payments/payments.ts";
import { presentPaymentMethod } from "./payments/present-payment-method.ts";
import { type BillingRouter, billingRouter } from "./router.ts";

const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const paymentId = paymentIdOf(checkoutId);

const bench = async () => {
  const { verifier, token, linkOptions } = await callers();
  const log = inMemoryEventLog({ name: "billing" });
  const handler = commandHandler({ log, model: paymentModel });
  const command = {
    ...{ paymentId, checkoutId, cartId, owner: SubjectId.parse("user-123"), ownerKind: "user" as const },
    amount: { amountMinor: 2_000, currency: "EUR" as const },
    paymentToken: PaymentToken.parse("pm_card_visa"),
    now: Instant.parse("2026-01-31T09:30:00.000Z"),
  };
  await handler.handle({
    streamId: paymentStreamId(paymentId),
    fingerprint: "a test",
    metadata: {},
    decide: (payment) => presentPaymentMethod(command, payment),
  });
  const listed: ListedPayment[] = [{ paymentId, status: "Presented", begunAt: new Date(command.now) }];
  const questions: ListQuestion[] = [];
  const books: Books = {
    reach: async ({ position }) => position <= 7n,
    async list(question) {
      questions.push(question);
      return listed;
    },
    totals: async () => [],
    conditions: async () => ({ unknown: 0, disputed: 0, refundFailed: 0, discrepant: 0 }),
  };
  const app = billingApp({
    services: {
      payments: payments({ handler, log }),
      commands: paymentCommands({ handler, now: () => new Date(command.now) }),
      books,
      log,
      parking: nothingParked,
    },
    hear: async () => "notOurs",
    verifier,
    health: processHealth(),
    logger: silentLogger,
  });
  const fetch = async (url: URL | RequestInfo, init?: object) => app.request(String(url), init);
  const types = async () => (await log.readStream(paymentStreamId(paymentId))).slice(1).map((event) => billingEvents.decode(event).type);
  return {
    app,
    log,
    listed,
    questions,
    types,
    /** What happens to the payment. */
    happens: (...events: BillingEvent[]) =>
      handler.handle({ streamId: paymentStreamId(paymentId), fingerprint: "a test", metadata: {}, decide: () => accept(...events) }),
    fetch,
    token,
    clientWith: async (...scopes: readonly string[]) =>
      createTRPCClient<BillingRouter>({ links: [httpBatchLink(await linkOptions(app, scopes))] }),
  };
};

test("every procedure says who may call it, and none is for everybody", () => {
  expect(Object.fromEntries(routerAccess(billingRouter))).toEqual({
    "payment.get": { scope: "billing:read" },
    "payment.list": { scope: "billing:read" },
    "payment.totals": { scope: "billing:read" },
    "payment.capture": { scope: "billing:write" },
    "payment.void": { scope: "billing:write" },
    "payment.refund": { scope: "billing:write" },
    "payment.reconcile": { scope: "billing:write" },
    "payment.reconcileMany": { scope: "billing:write" },
    "payment.acknowledge": { scope: "billing:write" },
    "log.heads": { scope: "log:read" },
    "log.read": { scope: "log:read" },
    "privacy.export": { scope: "service:cart" },
    "parked.list": { scope: "ops:read" },
    "parked.inspect": { scope: "ops:read" },
    "parked.retry": { scope: "ops:write" },
    "parked.discard": { scope: "ops:write" },
  });
});

test("a payment is told to those who keep the books, and what it is paid by is told to nobody", async () => {
  const { clientWith, app } = await bench();
  const books = await clientWith("billing:read");
  const payment = await books.payment.get.query({ paymentId });
  expect(payment).toMatchObject({
    paymentId,
    status: "Presented",
    amount: { amountMinor: 2_000 },
    version: 1,
    updatedAt: new Date("2026-01-31T09:30:00Z"),
  });
  expect(JSON.stringify(payment)).not.toContain("pm_card_visa");
  const unknown = paymentIdOf(checkoutIdOf(cartId, 2));
  await expect(books.payment.get.query({ paymentId: unknown })).rejects.toMatchObject({
    data: { code: "NOT_FOUND", refusal: { code: "PaymentNotFound", paymentId: unknown } },
  });
  const shopper = await clientWith();
  await expect(shopper.payment.get.query({ paymentId })).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
  expect((await app.request(`/trpc/payment.get`)).status).toBe(401);
});

test("what looks like a card's number comes in by no call, neither about a payment nor about a parked stream", async () => {
  const { clientWith } = await bench();
  const operator = await clientWith("billing:write", "ops:write");
  const reason = "the card 4242 4242 4242 4242 12/27";
  const refused = { data: { refusal: { code: "CardNumberInInput" } } };
  const command = { paymentId, reason };
  await expect(operator.payment.refund.mutate(command)).rejects.toMatchObject(refused);
  const parked = { group: "billing.checkouts", log: "cart", streamId: "cart-1", eventId: crypto.randomUUID(), reason };
  await expect(operator.parked.discard.mutate(parked)).rejects.toMatchObject(refused);
});

const requested = (found: Awaited<ReturnType<typeof bench>>) =>
  found.happens({
    type: "PaymentRequested",
    data: {
      ...{ paymentId, checkoutId, cartId, amount: { amountMinor: 2_000, currency: "EUR" } },
      ...{ paymentToken: PaymentToken.parse("pm_card_visa"), requestedAt: Instant.parse("2026-01-31T09:30:00.000Z") },
    },
  });

test("payments are listed by status and by condition, and one that is not so any more is left out", async () => {
  const found = await bench();
  const books = await found.clientWith("billing:read");
  const question = { status: "Presented", condition: "unknown" } as const;
  expect((await books.payment.list.query({ status: "Presented" })).payments).toMatchObject([{ paymentId, conditions: [] }]);
  expect(await books.payment.list.query({ ...question, limit: 1 })).toEqual({ payments: [], next: paymentId });
  expect(found.questions).toMatchObject([{ status: "Presented" }, question]);
  await requested(found);
  expect((await books.payment.list.query({ status: "Presented" })).payments).toEqual([]);
});

test("a list and the totals are no older than the position that is asked for, or say that they are", async () => {
  const { clientWith } = await bench();
  const books = await clientWith("billing:read");
  const days = { from: "2026-01-01", to: "2026-01-31" };
  expect(await books.payment.totals.query({ ...days, atLeastPosition: { paymentId, position: 7n } })).toEqual([]);
  const refusal = { code: "PositionNotReached", paymentId, atLeast: "8" };
  const atLeastPosition = { paymentId, position: 8n };
  await expect(books.payment.totals.query({ ...days, atLeastPosition })).rejects.toMatchObject({ data: { refusal } });
  await expect(books.payment.list.query({ atLeastPosition })).rejects.toMatchObject({ data: { code: "NOT_FOUND", refusal } });
});

test("totals are of days that there are in the books' calendar, and the year 0000 is a fault of the question", async () => {
  const books = await (await bench()).clientWith("billing:read");
  const [first, last] = ["0001-01-01", "9999-12-31"];
  expect(await books.payment.totals.query({ from: first, to: last })).toEqual([]);
  for (const days of [
    { from: "0000-12-31", to: last },
    { from: "0000-01-01", to: "0000-01-01" },
    { from: first, to: "2026-02-29" },
  ])
    await expect(books.payment.totals.query(days)).rejects.toMatchObject({
      data: { code: "BAD_REQUEST", refusal: { code: "InvalidInput" } },
    });
});

test("the provider is asked how one payment stands, or a page of those that are unknown; those it was never asked for are left alone", async () => {
  const found = await bench();
  const operator = await found.clientWith("billing:write");
  expect(await operator.payment.reconcile.mutate({ paymentId })).toMatchObject({ paymentId, version: 1 });
  expect(await found.types()).toEqual([]);
  await requested(found);
  await operator.payment.reconcile.mutate({ paymentId, reason: "the shopper called" });
  expect(await found.types()).toEqual(["PaymentRequested", "PaymentCheckRequested"]);
  expect(await operator.payment.reconcileMany.mutate({ limit: 1 })).toMatchObject({ asked: [{ paymentId, version: 4 }], next: paymentId });
  expect(await operator.payment.reconcileMany.mutate({ condition: "refundFailed" })).toMatchObject({ asked: [{ version: 5 }], next: null });
  expect(found.questions).toMatchObject([{ condition: "unknown", limit: 1 }, { condition: "refundFailed" }]);
  expect((await found.types()).slice(2)).toEqual(["PaymentCheckRequested", "PaymentCheckRequested"]);
});

test("another service reads the log as the service itself does, and a shopper does not", async () => {
  const { log, fetch, token, clientWith } = await bench();
  const far = await remoteLog({ url: "http://billing", token: () => token(["service:cart", "log:read"]), fetch });
  expect([far.name, far.shards, far.epoch]).toEqual([log.name, log.shards, log.epoch]);
  expect(await far.heads()).toEqual(await log.heads());
  const all = Array.from({ length: log.shards }, (_, shard) => ({ shard, after: 0n }));
  const events = await log.read(all, 10);
  expect(events.map((event) => billingEvents.decode(event).type)).toEqual(["PaymentMethodPresented"]);
  expect(await far.read(all, 10)).toEqual([...events]);
  const shopper = await clientWith("billing:read");
  await expect(shopper.log.read.query({ cursors: [{ shard: 0, after: "0" }], limit: 10 })).rejects.toMatchObject({
    data: { code: "FORBIDDEN" },
  });
});

test("the cart service is told all that is kept of a checkout's payments, for the person whose they are, and nobody else is", async () => {
  const { clientWith } = await bench();
  const cart = await clientWith("service:cart");
  const unknown = checkoutIdOf(cartId, 2);
  expect(await cart.privacy.export.mutate({ checkoutIds: [checkoutId, unknown] })).toEqual({
    streams: [
      {
        streamId: paymentStreamId(paymentId),
        events: [{ type: "PaymentMethodPresented", version: 1, at: expect.any(Date), data: expect.objectContaining({ checkoutId }) }],
      },
    ],
  });
  const operator = await clientWith("billing:read", "billing:write");
  await expect(operator.privacy.export.mutate({ checkoutIds: [checkoutId] })).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
});
