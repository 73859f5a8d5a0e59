import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { type Checkout, freshCheckout } from "./start-checkout.ts";

const shoppers = 8;
const kills = 3;
const checkoutsBetweenKills = 12;

const post = async <Answer>(url: string, { headers = {}, body }: { headers?: Record<string, string>; body?: object }): Promise<Answer> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
};

/** The same call until it is acknowledged, which is what the key is for. */
const insist = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
  const answers: Answer[] = [];
  await until(async () => answers.push(await call()), { timeoutMs: 60_000, what: "an acknowledgement" });
  const [answer] = answers;
  if (answer === undefined) throw new Error("nothing was acknowledged");
  return answer;
};

const shipping = { country: "VN", shippingMethodId: "standard" };

/** Fills one cart after another and pays it, under keys of its own. */
const buyUntil = async (origin: string, isOver: () => boolean, onAcknowledged: (checkoutId: string) => void) => {
  const { token } = await insist(() => post<{ token: string }>(`${origin}/api/auth/guest`, {}));
  const authorization = `Bearer ${token}`;
  while (!isOver()) {
    const cartId = crypto.randomUUID();
    const [item, pay] = [crypto.randomUUID(), crypto.randomUUID()];
    const adding = { headers: { authorization, "idempotency-key": item }, body: { productId: "prod-456", quantity: 1 } };
    await insist(() => post(`${origin}/api/cart/${cartId}/items`, adding));
    const asking = { headers: { authorization }, body: { json: { cartId, ...shipping } } };
    const quoted = await insist(() => post<{ result: { data: { json: { quoteHash: string } } } }>(`${origin}/trpc/cart.quote`, asking));
    const contact = { email: "ada@example.com", locale: "en" };
    const shipTo = { country: "VN", name: "Ada", line1: "1 Tràng Tiền", city: "Hà Nội" };
    const { quoteHash } = quoted.result.data.json;
    const agreed = { cartId, quoteHash, contact, shipTo, shippingMethodId: shipping.shippingMethodId };
    const paying = { headers: { authorization }, body: { json: { ...agreed, paymentToken: "pm_card_visa", idempotencyKey: pay } } };
    const { result } = await insist(() =>
      post<{ result: { data: { json: { checkoutId: string } } } }>(`${origin}/trpc/checkout.start`, paying),
    );
    onAcknowledged(result.data.json.checkoutId);
  }
};

type Outcome = { checkoutId: string; orders: number; captures: number; charges: number; money: number; mails: number };

/** What became of each checkout, in the service's logs, in the provider's books, and in the mailbox. */
const outcomesOf = (checkout: Checkout, checkoutIds: readonly string[]): Promise<readonly Outcome[]> =>
  checkout.ask(
    (sql) => sql<Outcome[]>`
      select asked.id as "checkoutId",
        (select count(*)::int from cart.event where stream_id = 'cart-' || split_part(asked.id, '.', 1) and type = 'OrderPlaced') as orders,
        (select count(*)::int from billing.event where stream_id = 'payment-' || asked.id and type = 'PaymentCaptured') as captures,
        (select count(*)::int from billing.simulated_intent where metadata->>'paymentId' = asked.id) as charges,
        (select coalesce(sum(amount_received), 0)::int from billing.simulated_intent where metadata->>'paymentId' = asked.id) as money,
        (select count(*)::int from notification.mail where key = 'order-paid:email:' || asked.id || ':send:1') as mails
      from unnest(${[...checkoutIds]}::text[]) asked(id)`,
  );

const environment = { INTENT_LEASE: "5s", PAYMENT_TIMEOUT: "3s" };
const priceOfOne = 25_000_000;

test("kill -9 of everything in the middle of many checkouts, three times: each ends in one order, one charge, one capture and one mail", async () => {
  await using checkout = await freshCheckout();
  await checkout.start({ environment });
  const origin = `http://localhost:${checkout.port}`;
  const acknowledged: string[] = [];
  let over = false;
  const shopping = Promise.all(
    Array.from({ length: shoppers }, () =>
      buyUntil(
        origin,
        () => over,
        (checkoutId) => void acknowledged.push(checkoutId),
      ),
    ),
  );
  let unfinished = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const enough = acknowledged.length + checkoutsBetweenKills;
    await until(() => acknowledged.length >= enough, { timeoutMs: 60_000, what: "checkouts" });
    const before = await outcomesOf(checkout, acknowledged);
    for (const { pid } of checkout.processes()) process.kill(pid, "SIGKILL");
    unfinished += before.filter(({ mails }) => mails === 0).length;
    await checkout.quiet();
    await checkout.start({ environment });
  }
  over = true;
  await shopping;
  // An intent that was taken when its process died is asked about once its lease has run out.
  const isDone = async () => (await outcomesOf(checkout, acknowledged)).every(({ mails }) => mails > 0);
  await until(isDone, { timeoutMs: 150_000, what: "the end of every checkout" });

  expect(acknowledged.length).toBeGreaterThanOrEqual(kills * checkoutsBetweenKills);
  // Some were under way when the system died, or nothing was shown.
  expect(unfinished).toBeGreaterThan(0);
  const once = { orders: 1, captures: 1, charges: 1, money: priceOfOne, mails: 1 };
  expect(await outcomesOf(checkout, acknowledged)).toEqual(acknowledged.map((checkoutId) => ({ checkoutId, ...once })) as never);
  const [stray] = await checkout.ask(
    (sql) => sql<{ count: number }[]>`select count(*)::int from billing.simulated_intent where status <> 'succeeded'`,
  );
  expect(stray).toEqual({ count: 0 });
}, 360_000);
