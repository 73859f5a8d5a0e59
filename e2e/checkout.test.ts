import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { refusalOf } from "@cartwright/client/is-refusal";
import { type CheckoutId, OrderId, PaymentId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { openEmbedded } from "@cartwright/infra/embedded/open-embedded";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCUntypedClient, createWSClient, httpLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agreed } from "./agreed.ts";
import { lineageOf, lineageOfMail, traceCollector } from "./trace-collector.ts";

const laptop = productIdOf("prod-456");
const visa = PaymentToken.parse("pm_card_visa");
const declined = PaymentToken.parse("pm_card_chargeDeclinedInsufficientFunds");

const environment = { CHECKOUT_DEADLINE: "30s", CAPTURE_ATTEMPTS: "2", CAPTURE_RETRY_DELAY: "100ms" };

let db: TestDatabase;
let system: Awaited<ReturnType<typeof openEmbedded>>;
beforeAll(async () => {
  db = await testDatabase();
  system = await openEmbedded({ postgres: db.options, environment });
}, 60_000);
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
}, 30_000);

type Client = ReturnType<typeof createCartwrightClient>;

const clientWith = (token: string, traceparent?: string): Client & Disposable => {
  const fetchTraced = (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (traceparent) headers.set("traceparent", traceparent);
    return fetch(url, { ...init, headers });
  };
  const client = createCartwrightClient({ url: system.cartUrl, token, fetch: fetchTraced });
  return { ...client, [Symbol.dispose]: client.close };
};

const guest = async (traceparent?: string) => {
  const response = await fetch(`${system.cartUrl}/api/auth/guest`, { method: "POST" });
  const { token, subject }: { token: string; subject: string } = await response.json();
  return { subject, client: clientWith(token, traceparent) };
};

const cartWith = async ({ cart }: Client, quantity = 1) => {
  const cartId = newCartId();
  await cart.addItem.mutate({ cartId, productId: laptop, quantity });
  return cartId;
};

const ended = (client: Client, checkoutId: CheckoutId) =>
  until(
    async () => {
      const checkout = await client.checkout.status.query({ checkoutId });
      return (checkout.status === "Ordered" || checkout.status === "Failed") && checkout;
    },
    { timeoutMs: 20_000, what: "the end of the checkout" },
  );

/** What happened in all logs on behalf of a checkout, in the order of its making. */
const eventsOf = (checkoutId: CheckoutId) =>
  db.sql<{ log: string; type: string; traceparent: string | null; correlation: string }[]>`
    select log, type, metadata->>'traceparent' as traceparent, metadata->>'correlationId' as correlation from (
      select 'cart' as log, stream_id, version, type, metadata, recorded_at from cart.event
      union all select 'billing', stream_id, version, type, metadata, recorded_at from billing.event
      union all select 'fraud', stream_id, version, type, metadata, recorded_at from fraud.event
      union all select 'notification', stream_id, version, type, metadata, recorded_at from notification.event) e
    where stream_id in (${`cart-${checkoutId.split(".")[0]}`}, ${`payment-${checkoutId}`}, ${`assessment-${checkoutId}`},
      ${`notification-order-paid:email:${checkoutId}`}) and type not in ('CartOpened', 'ItemAddedToCart')
    order by recorded_at, log, version`;

const typesIn = async (log: string, checkoutId: CheckoutId) =>
  (await eventsOf(checkoutId)).filter((event) => event.log === log).map(({ type }) => type);

/** What the figures of these days come to, once everything that happened is counted. */
const counted = async ({ projector }: Client) => {
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
  const figures = () => projector.figures.query({ from: from ?? "", to: to ?? "" });
  await until(async () => Object.values((await figures()).behind).every((events) => events === 0), { what: "nothing that is not counted" });
  const { days } = await figures();
  const sum = (amounts: readonly (number | undefined)[]) => amounts.reduce<number>((total, amount = 0) => total + amount, 0);
  const currencies = days.flatMap((day) => day.currencies);
  return {
    carts: sum(currencies.map(({ carts }) => carts)),
    orders: sum(currencies.map(({ orders }) => orders)),
    revenueMinor: sum(currencies.map(({ revenueMinor }) => revenueMinor)),
    captured: sum(days.map(({ payments }) => payments.captured)),
    approved: sum(days.map(({ assessments }) => assessments.approved)),
  };
};

const mailed = (checkoutId: CheckoutId) =>
  until(async () => (await typesIn("notification", checkoutId)).includes("NotificationSent"), { timeoutMs: 20_000, what: "the mail" });

describe("a checkout", () => {
  test("goes through five services, is seen live, and is one trace from the command to the e-mail", async () => {
    const collector = traceCollector();
    await using _ = collector;
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const shopper = await guest(`00-${traceId}-00f067aa0ba902b7-01`);
    using client = shopper.client;
    const cartId = await cartWith(client, 2);
    const live = client.liveCart(cartId);
    await live.until(({ status }) => status === "live");

    const telemetry = startTelemetry({ serviceName: "cartwright", endpoint: collector.endpoint });
    const { checkoutId, status, deadline } = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: visa }));
    expect([status, deadline.getTime() > Date.now()]).toEqual(["Started", true]);
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Ordered", orderId: checkoutId, failure: null });
    await mailed(checkoutId);
    await telemetry[Symbol.asyncDispose]();

    await live.until(({ cart }) => cart?.order?.status === "paid");
    expect(await client.cart.view.query({ cartId, atLeastVersion: 6 })).toMatchObject({ status: "Ordered" });
    const events = await eventsOf(checkoutId);
    expect(
      Object.groupBy(
        events.map(({ log, type }) => ({ log, type })),
        ({ log }) => log,
      ),
    ).toMatchObject({
      cart: ["ContactSet", "CheckoutStarted", "CheckoutApproved", "OrderPlaced", "OrderPaid"].map((type) => ({ type })),
      billing: [
        ...["PaymentMethodPresented", "PaymentMethodInspected", "PaymentRequested", "PaymentAuthorized"],
        ...["PaymentCaptureRequested", "PaymentCaptured"],
      ].map((type) => ({ type })),
      fraud: [{ type: "CheckoutAssessed" }],
      notification: ["NotificationRequested", "NotificationSent"].map((type) => ({ type })),
    });
    expect(new Set(events.map(({ traceparent }) => traceparent?.split("-")[1]))).toEqual(new Set([traceId]));
    expect(new Set(events.map(({ correlation }) => correlation)).size).toBe(1);
    const lineage = lineageOf(collector.spans(), { traceId, name: "send mail" });
    expect(lineage).toEqual(lineageOfMail.map(([, name]) => `cartwright: ${name}`));
    const names = collector.spans().flatMap((span) => (span.traceId === traceId ? [span.name] : []));
    expect(names).toEqual(expect.arrayContaining(["checkout.start", "billing.provider-calls"]));
  }, 60_000);

  test("is told by each service through the gateway, to those who may ask, over HTTP and over WebSockets", async () => {
    using client = (await guest()).client;
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId: await cartWith(client), paymentToken: visa }));
    await ended(client, checkoutId);
    await mailed(checkoutId);
    using operator = clientWith(await system.token("billing:read", "fraud:read", "notification:read"));
    const paymentId = PaymentId.parse(checkoutId);
    expect(await operator.billing.payment.get.query({ paymentId })).toMatchObject({
      status: "Captured",
      card: { brand: "visa", last4: "4242" },
      updatedAt: expect.any(Date),
    });
    expect(await operator.fraud.assessment.get.query({ checkoutId })).toMatchObject({ decision: "approved", reasons: [] });
    const { mails } = await operator.notification.mailbox.list.query({});
    expect(mails).toContainEqual(expect.objectContaining({ subject: `Your order ${checkoutId}` }));
    await expect(client.billing.payment.get.query({ paymentId })).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });

    const token = await system.token("billing:read", "fraud:read", "notification:read", "ops:read");
    await using sockets = new AsyncDisposableStack();
    const overSocket = (service: string, path: string, input?: object) => {
      const url = `${system.cartUrl.replace("http", "ws")}/${service}/trpc`;
      const client = createWSClient({ url, connectionParams: async () => ({ authorization: `Bearer ${token}` }) });
      sockets.defer(() => client.close());
      return createTRPCUntypedClient({ links: [wsLink({ client, transformer: superjson })] }).query(path, input);
    };
    expect(await overSocket("billing", "payment.get", { paymentId })).toMatchObject({ status: "Captured" });
    expect(await overSocket("fraud", "assessment.get", { checkoutId })).toMatchObject({ decision: "approved" });
    expect(await overSocket("notification", "mailbox.list", {})).toMatchObject({ mails: expect.any(Array) });
    expect(await overSocket("projector", "projector.lag")).toMatchObject({
      projections: expect.arrayContaining([expect.objectContaining({ projection: "cart-view" })]),
    });

    const elsewhere = async (path: string) => (await fetch(`${system.cartUrl}${path}`)).status;
    expect(await elsewhere("/billing/trpc/payment.get")).toBe(401);
    for (const path of ["/billing/health/ready", "/billing/metrics", "/storefront/trpc/x", "/billing/trpc/%2e%2e%2fhealth"])
      expect([path, await elsewhere(path)]).toEqual([path, 404]);
  }, 60_000);

  test("is one order, its revenue, one captured payment and one approval in the figures of the day", async () => {
    using operator = clientWith(await system.token("ops:read", "billing:read"));
    const before = await counted(operator);
    using client = (await guest()).client;
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId: await cartWith(client), paymentToken: visa }));
    await ended(client, checkoutId);
    const isPaid = async () => (await client.order.get.query({ orderId: OrderId.parse(checkoutId) })).status === "paid";
    await until(isPaid, { timeoutMs: 20_000, what: "the capture" });
    const { captured } = await operator.billing.payment.get.query({ paymentId: PaymentId.parse(checkoutId) });
    expect(await counted(operator)).toEqual({
      carts: before.carts + 1,
      orders: before.orders + 1,
      revenueMinor: before.revenueMinor + captured.amountMinor,
      captured: before.captured + 1,
      approved: before.approved + 1,
    });
  }, 60_000);

  test("that the card does not pay opens the cart again, and another card pays it", async () => {
    using client = (await guest()).client;
    const cartId = await cartWith(client);
    const first = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: declined }));
    expect(await ended(client, first.checkoutId)).toMatchObject({ status: "Failed", failure: "PaymentDeclined", orderId: null });
    expect(await typesIn("billing", first.checkoutId)).toContain("PaymentDeclined");
    await client.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    const second = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: visa }));
    expect(second.checkoutId).not.toBe(first.checkoutId);
    expect(await ended(client, second.checkoutId)).toMatchObject({ status: "Ordered" });
    await mailed(second.checkoutId);
    expect(await typesIn("notification", first.checkoutId)).toEqual([]);
  }, 60_000);

  test("beyond the cap is blocked before any money is asked for", async () => {
    using client = (await guest()).client;
    const cartId = await cartWith(client, 9_999);
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: visa }));
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Failed", failure: "Blocked" });
    await until(async () => (await typesIn("billing", checkoutId)).at(-1) === "PaymentWithdrawn");
    expect(await typesIn("billing", checkoutId)).toEqual(["PaymentMethodPresented", "PaymentMethodInspected", "PaymentWithdrawn"]);
    // The version of the failure: the cart was opened, filled, told of its contact, and checked out before.
    expect(await client.cart.view.query({ cartId, atLeastVersion: 5 })).toMatchObject({ status: "Open", checkout: { failure: "Blocked" } });
  }, 60_000);

  test("by what the provider does not know fails at once", async () => {
    using client = (await guest()).client;
    const cartId = await cartWith(client);
    const { checkoutId } = await client.checkout.start.mutate(
      await agreed(client, { cartId, paymentToken: PaymentToken.parse("pm_nobody") }),
    );
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Failed", failure: "PaymentMethodRefused" });
  }, 60_000);

  test("begun twenty times at once is one: one payment, one order, one mail", async () => {
    const shopper = await guest();
    using client = shopper.client;
    const cartId = await cartWith(client);
    const paying = await agreed(client, { cartId, paymentToken: visa });
    const replies = await Promise.all(Array.from({ length: 20 }, () => client.checkout.start.mutate(paying)));
    const [checkoutId, ...others] = new Set(replies.map((reply) => reply.checkoutId));
    if (!checkoutId) throw new Error("There is a checkout");
    expect(others).toEqual([]);
    await ended(client, checkoutId);
    await mailed(checkoutId);
    for (const [log, type] of [
      ["cart", "CheckoutStarted"],
      ["cart", "OrderPlaced"],
      ["billing", "PaymentCaptured"],
      ["notification", "NotificationSent"],
    ] as const)
      expect((await typesIn(log, checkoutId)).filter((found) => found === type)).toEqual([type]);
    const mails = await db.sql`select subject from notification.mail where recipient = ${shopper.subject}`;
    expect(mails).toHaveLength(1);
    const intents = await db.sql`select status from billing.simulated_intent where metadata->>'paymentId' = ${checkoutId}`;
    expect(intents).toMatchObject([{ status: "succeeded" }]);
  }, 60_000);

  test("that is over leaves the shopper free to begin the next cart at once", async () => {
    using client = (await guest()).client;
    const { cartId } = await client.cart.open.mutate({});
    await client.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: visa }));
    expect(await refusalOfCall(client.cart.clear.mutate({ cartId }))).toMatchObject({ code: "CheckoutInProgress", checkoutId });
    await ended(client, checkoutId);
    expect(await client.cart.current.query()).toBeNull();
    const next = await client.cart.open.mutate({});
    expect(next.cartId).not.toBe(cartId);
    expect(await refusalOfCall(client.cart.quote.mutate({ cartId }))).toMatchObject({ code: "CartClosed", status: "Ordered" });
  }, 60_000);

  test("that the bank asks about leads back to the shop of this system, and goes on from there", async () => {
    using client = (await guest()).client;
    const paymentToken = PaymentToken.parse("pm_card_authenticationRequired");
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId: await cartWith(client), paymentToken }));
    const action = await until(async () => (await client.checkout.status.query({ checkoutId })).action, { timeoutMs: 20_000 });
    const body = new URLSearchParams({ answer: "confirm" });
    const answered = await fetch(action.url, { method: "POST", body, redirect: "manual" });
    expect(answered.headers.get("location")).toMatch(`${system.storefrontUrl}/checkout?`);
    await client.checkout.confirmAction.mutate({ checkoutId });
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Ordered" });
  }, 60_000);

  test("whose money the bank does not hand over is an order that is cancelled, for sale again, and given back", async () => {
    using client = (await guest()).client;
    const cartId = await cartWith(client);
    const paymentToken = PaymentToken.parse("pm_sim_capture_refused");
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken }));
    expect(await ended(client, checkoutId)).toMatchObject({ status: "Ordered" });
    await until(async () => (await typesIn("billing", checkoutId)).includes("PaymentVoided"), { timeoutMs: 20_000, what: "the void" });
    expect((await typesIn("billing", checkoutId)).slice(4)).toEqual([
      ...["PaymentCaptureRequested", "PaymentCaptureFailed", "PaymentCaptureRequested", "PaymentCaptureFailed"],
      ...["PaymentWithdrawn", "PaymentVoidRequested", "PaymentVoided"],
    ]);
    expect((await typesIn("cart", checkoutId)).slice(-3)).toEqual(["OrderPaymentFailed", "OrderPaymentFailed", "OrderCancelled"]);
    const [cancelled] = await db.sql`select data from cart.event where type = 'OrderCancelled' and stream_id = ${`cart-${cartId}`}`;
    expect(cancelled?.data).toMatchObject({ reason: "paymentFailed", restock: true });
    const order = await client.order.get.query({ orderId: OrderId.parse(checkoutId) });
    expect(order).toMatchObject({ status: "cancelled", cancelReason: "paymentFailed", paid: { amountMinor: 0 } });
  }, 60_000);

  test("whose refund comes back from the bank is an order that is paid again", async () => {
    using client = (await guest()).client;
    const cartId = await cartWith(client);
    const { checkoutId } = await client.checkout.start.mutate(await agreed(client, { cartId, paymentToken: visa }));
    const statusIs = (status: string) =>
      until(async () => (await client.order.get.query({ orderId: OrderId.parse(checkoutId) })).status === status, {
        timeoutMs: 20_000,
        what: status,
      });
    await ended(client, checkoutId);
    await statusIs("paid");
    using operator = clientWith(await system.token("billing:read", "billing:write"));
    const paymentId = PaymentId.parse(checkoutId);
    await operator.billing.payment.refund.mutate({ paymentId });
    await statusIs("refunded");
    await db.sql`insert into billing.simulated_event (id, type, object, copies, created_at, next_at)
      select 'evt_returned', 'refund.failed', jsonb_build_object('id', id, 'object', 'refund', 'amount', amount, 'currency', currency,
        'status', 'failed', 'failure_reason', 'lost_or_stolen_card', 'metadata', metadata, 'payment_intent', intent_id), 1, now(), now()
      from billing.simulated_refund where metadata->>'paymentId' = ${checkoutId}`;
    await statusIs("paid");
    expect(await operator.billing.payment.get.query({ paymentId })).toMatchObject({ status: "Captured", refunded: { amountMinor: 0 } });
  }, 60_000);
});

test("an event that was parked is put right by an operator through the gateway, whichever service parked it", async () => {
  const parking = { cart: "", billing: "/billing", fraud: "/fraud", notification: "/notification", projector: "/projector" };
  const stream = { group: "nobody", log: "cart", streamId: "cart-of-nobody" };
  const [read, write] = [await system.token("ops:read"), await system.token("ops:write")];
  for (const [schema, path] of Object.entries(parking)) {
    const eventId = crypto.randomUUID();
    await db.sql`
      insert into ${db.sql(schema)}.parked_stream (consumer_group, log, stream_id, shard, state, reason, attempts)
      values (${stream.group}, ${stream.log}, ${stream.streamId}, 3, 'parked', 'no price', 3)`;
    await db.sql`
      insert into ${db.sql(schema)}.parked_event
        (consumer_group, log, epoch, stream_id, version, shard, position, event_id, type, schema_version, data, metadata, recorded_at)
      values (${stream.group}, ${stream.log}, 'e', ${stream.streamId}, 1, 3, 1, ${eventId}, 'CartOpened', 1, '{}', '{}', now())`;
    const operator = (token: string) =>
      createTRPCUntypedClient({
        links: [
          httpLink({
            url: `${system.cartUrl}${path}/trpc`,
            transformer: superjson,
            headers: { authorization: `Bearer ${token}` },
          }),
        ],
      });
    expect(await operator(read).query("parked.list", { group: "nobody" })).toMatchObject({ streams: [{ ...stream, waiting: 1 }] });
    expect(await operator(read).query("parked.inspect", stream)).toMatchObject({ events: [{ event: { eventId } }] });
    const given = { ...stream, eventId, reason: "nobody wrote this" };
    await expect(operator(read).mutation("parked.discard", given)).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
    await operator(write).mutation("parked.discard", given);
    expect(await operator(read).query("parked.list", { group: "nobody" })).toMatchObject({ streams: [{ state: "retrying", waiting: 0 }] });
  }
}, 60_000);

const refusalOfCall = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => refusalOf(error),
  );
