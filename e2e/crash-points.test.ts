import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { buy, piece, stockPieces } from "./buy.ts";
import { wrongAtRest } from "./checkout-oracle.ts";
import { eachOnce, type Step, type Steps, stepsFor, stepsOf } from "./crash-points/held-step.ts";
import { type Purchase, purchases } from "./crash-points/purchases.ts";
import { type KillableSystem, killableSystem } from "./killable-system.ts";

type Bench = { db: TestDatabase; system: KillableSystem; steps: Steps; cartIds: string[]; checkoutIds: Set<string> };

/** Three systems share a server with a hundred connections. */
const small = Object.fromEntries(["CART", "BILLING", "FRAUD", "NOTIFICATION"].map((name) => [`${name}_POOL_SIZE`, "2"]));

const openBench = async (held: AsyncDisposableStack): Promise<Bench> => {
  const db = held.use(await testDatabase());
  const system = held.use(
    await killableSystem({
      postgres: db.options,
      environment: { CHECKOUT_DEADLINE: "30s", CAPTURE_RETRY_DELAY: "200ms", CAPTURE_ATTEMPTS: "2", ...small },
    }),
  );
  await system.start();
  await stockPieces(system, await system.operator());
  return { db, system, steps: held.use(await stepsOf(db.sql)), cartIds: [], checkoutIds: new Set() };
};

/** Resolves when nothing is left to do but to wait. */
const pay = async ({ system, cartIds, checkoutIds }: Bench, { card, meanwhile }: Purchase, cartId: string = crypto.randomUUID()) => {
  const [token, key] = [await system.guest(), crypto.randomUUID()];
  cartIds.push(cartId);
  const checkoutId = await buy(system, { token, key, cartId, productId: piece.productId, card });
  checkoutIds.add(checkoutId);
  await meanwhile?.({ system, token, checkoutId, key });
};

/** What is wrong when everything should have come to rest. */
const wrong = async ({ db, cartIds, checkoutIds }: Bench): Promise<readonly string[]> => {
  let last: readonly string[] = [];
  const isAtRest = async () => {
    const [counts] = await db.sql<{ orders: number; mails: number; open: number }[]>`
      select (select count(*)::int from cart.event paid where type = 'OrderPaid' and not exists (select from cart.event c
          where c.stream_id = paid.stream_id and c.type = 'OrderCancelled' and c.version < paid.version)) as orders,
        (select count(*)::int from notification.mail) as mails,
        (select count(*)::int from (select state from billing.intent union all select state from notification.intent) i
          where state <> 'done') as open`;
    last = [
      ...(await wrongAtRest(db.sql, { cartIds, checkoutIds, ...piece, coupon: "none", maxUses: 0 })),
      ...(counts?.orders === counts?.mails ? [] : [`${counts?.mails} mails of ${counts?.orders} paid orders`]),
      ...(counts?.open === 0 ? [] : [`${counts?.open} intents are open`]),
    ];
    return last.length === 0;
  };
  await until(isAtRest, { timeoutMs: 60_000, what: "rest" }).catch(() => {});
  return last;
};

type CrashPoint = {
  readonly purchase: Purchase;
  readonly step: Step;
  /** The write is there and nobody was told, or it is lost. */
  readonly isWritten: boolean;
};

/** The steps of each purchase that none of those before has. */
const crashPointsOf = async (bench: Bench): Promise<readonly CrashPoint[]> => {
  const cartIds = purchases.map(() => crypto.randomUUID());
  for (const [index, purchase] of purchases.entries()) {
    await pay(bench, purchase, cartIds[index]);
    expect(await wrong(bench)).toEqual([]);
  }
  // What comes of a late webhook is a step, too.
  const unheard = () => bench.db.sql`select from billing.simulated_event where next_at is not null`;
  await until(async () => (await unheard()).length === 0, { timeoutMs: 60_000, what: "the last webhook" });
  const taken = await bench.steps.taken();
  const steps = eachOnce(cartIds.map((cartId) => stepsFor(cartId, taken)));
  return purchases.flatMap((purchase, index) =>
    (steps[index] ?? []).flatMap((step) => [true, false].map((isWritten) => ({ purchase, step, isWritten }))),
  );
};

/** Answers what is wrong after each. */
const crashAt = async (bench: Bench, points: readonly CrashPoint[]): Promise<Readonly<Record<string, readonly string[]>>> => {
  const found: Record<string, readonly string[]> = {};
  for (const { purchase, step, isWritten } of points) {
    await bench.steps.hold(step);
    const buying = pay(bench, purchase);
    await bench.steps.untilHeld(step, 30_000);
    await bench.system.kill();
    await bench.steps.letGo({ isWritten });
    await bench.system.start();
    await buying;
    found[`it ${purchase.name}, killed at ${step.table} ${step.what}, ${isWritten ? "written" : "lost"}`] = await wrong(bench);
  }
  return found;
};

test("killed in the middle of any step from a cart to a paid order and back, and started again, a checkout ends right", async () => {
  await using held = new AsyncDisposableStack();
  const first = await openBench(held);
  const points = await crashPointsOf(first);
  // Most of the time is spent waiting: for leases, deadlines and the next try.
  const benches = [first, ...(await Promise.all([1, 2].map(() => openBench(held))))];
  const found = await Promise.all(
    benches.map((bench, own) =>
      crashAt(
        bench,
        points.filter((_, index) => index % benches.length === own),
      ),
    ),
  );
  const ended = found.flatMap((each) => Object.entries(each));
  expect(ended.filter(([, faults]) => faults.length > 0)).toEqual([]);
  // Or nothing was shown.
  expect(ended.length).toBe(points.length);
  expect(points.map(({ step }) => `${step.table} ${step.what}`.trimEnd())).toEqual(
    expect.arrayContaining([
      "billing.intent authorize taken",
      "billing.simulated_intent succeeded",
      "notification.mail",
      "cart.event OrderRefunded",
    ]),
  );
}, 420_000);
