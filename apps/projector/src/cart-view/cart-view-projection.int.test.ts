import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import type { NewEvent } from "@cartwright/event-log/event-log";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { tail } from "@cartwright/event-log/tailer";
import { shardLeases } from "@cartwright/messaging/leases";
import { logSource } from "@cartwright/messaging/log-source";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Sink } from "@cartwright/messaging/sink";
import { cartViewMigrations } from "@cartwright/read-model/postgres/cart-view-migrations";
import { openPostgresCartViews } from "@cartwright/read-model/postgres/open-postgres-cart-views";
import { projectionReadyMigrations } from "@cartwright/read-model/postgres/projection-ready-migrations";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep, shopper, shownAfter } from "../testing/shopping.ts";
import { type CartViewProjectionOptions, cartViewGroup, cartViewProjection } from "./cart-view-projection.ts";
import { type CartViewTools, cartViewSink } from "./cart-view-sink.ts";

const schema = "projector";
const limits = { headsMs: 50, maxBackoffMs: 20 };

const prepare = async (sql: postgres.Sql) => {
  for (const each of [schema, "rebuilt"]) {
    await migrate(sql, { schema: each, ...messagingMigrations });
    await migrate(sql, { schema: each, ...projectionReadyMigrations });
    await migrate(sql, { schema: each, ...cartViewMigrations });
  }
};

const natBelow = (limit: number) => Math.floor(Math.random() * limit);
const someSteps = (count: number): ShoppingStep[] => Array.from({ length: count }, () => [natBelow(1_000), natBelow(20), natBelow(1_000)]);

/** A cart's log with shoppers, and projections of it as processes come and go. */
const bench = async () => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase({ prepare }));
  const log = opened.use(await openPostgresEventLog({ connection: database.options, schema: "cart" }));
  const views = opened.use(await openPostgresCartViews({ connection: database.options, log, rememberLines: 500 }));
  const elsewhere = opened.use(await openPostgresCartViews({ connection: database.options, log }));
  const carts = new Map<CartId, NewEvent[]>();
  const shown = new Map<CartId, CartView>();

  const append = async (cartId: CartId, events: readonly NewEvent[]) => {
    const streamId = cartStreamId(cartId);
    await log.append({
      commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: events.length }],
      streams: [{ streamId, expect: "any", events }],
    });
  };
  const shopOf = (cartId: CartId, steps: readonly ShoppingStep[]) => {
    const events = eventsOfSteps(cartId, steps);
    const view = shownAfter(events);
    if (!view) return;
    carts.set(cartId, events.map(asNew));
    shown.set(cartId, view);
  };
  for (let cart = 0; cart < 40; cart++) shopOf(aCartId(), someSteps(30));

  const sinkOf = (into = schema): Sink<CartViewTools, void> =>
    cartViewSink({ sql: database.sql, schema: into, log, listener: into === schema ? views : { applied() {}, doubted() {} } });
  const resources = opened.move();
  return {
    database,
    log,
    views,
    elsewhere,
    shown,
    append,
    sinkOf,
    project: (options: Partial<CartViewProjectionOptions> = {}) =>
      cartViewProjection({ log, source: logSource({ log }), sink: sinkOf(), limits, ...options }),
    /** Some more of what the shoppers do, in the order of each cart and of none among them. */
    async shopOn(share: number) {
      await Promise.all(
        [...carts].map(async ([cartId, events]) => {
          const next = events.splice(0, Math.ceil(events.length * share));
          while (next.length > 0) await append(cartId, next.splice(0, 3));
        }),
      );
    },
    /** Every view, in this process and in another, equals the fold of its cart's stream. */
    async expectAllShown() {
      const cartIds = [...shown.keys()];
      expect(await views.getMany(cartIds)).toEqual(shown);
      expect(await elsewhere.getMany(cartIds)).toEqual(shown);
    },
    rows: (from: string) =>
      database.sql`select cart_id, subject, status, version, opened_at, updated_at, view, remainder from ${database.sql(`${from}.cart_view`)} order by cart_id`,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

class DependencyAway extends Error {
  override readonly name = "DependencyAway";
  readonly retryable = true;
}

/** Breaks before the marks are written, and after they are there but before anybody is told. */
const crashing = (sink: Sink<CartViewTools, void>, crashes: { before: number; after: number }): Sink<CartViewTools, void> => {
  const breakingTools = (tools: CartViewTools): CartViewTools => ({
    views: {
      load: tools.views.load,
      async apply(records) {
        await tools.views.apply(records);
        if (crashes.before-- > 0) throw new DependencyAway("before the mark");
      },
    },
  });
  return {
    ...sink,
    async flush(of, steps) {
      const breaking = steps.map((step) => ({
        ...step,
        work: step.work.map((work) =>
          work.kind === "handle"
            ? {
                ...work,
                runner: {
                  ...work.runner,
                  run: (its: Parameters<typeof work.runner.run>[0], tools: CartViewTools) => work.runner.run(its, breakingTools(tools)),
                },
              }
            : work,
        ),
      }));
      const outcomes = await sink.flush(of, breaking);
      if (crashes.after-- > 0) throw new DependencyAway("the answer is lost");
      return outcomes;
    },
  };
};

describe("the cart views in PostgreSQL", () => {
  test("equal the fold of the log, whatever happens to the projector", async () => {
    await using under = await bench();
    const { project, shopOn, sinkOf, expectAllShown } = under;
    const crashes = { before: 9, after: 9 };
    for (const share of [0.2, 0.5, 0.5]) {
      const projection = project({ sink: crashing(sinkOf(), crashes), limits: { ...limits, batch: 50 } });
      await projection.start();
      await shopOn(share);
      await projection.stop();
    }
    await shopOn(1);
    await using last = project();
    await last.start();
    await last.catchUp();
    expect(crashes.before).toBeLessThan(9);
    expect(crashes.after).toBeLessThan(9);
    await expectAllShown();
    expect((await last.lag()).every(({ lag }) => lag === 0n)).toBe(true);
  }, 30_000);

  test("are the same after a rebuild from the first event", async () => {
    await using under = await bench();
    const { project, shopOn, sinkOf, rows } = under;
    await shopOn(1);
    await using first = project();
    await first.start();
    await first.catchUp();
    await using rebuilding = project({ sink: sinkOf("rebuilt"), group: "projector.cart-view-again", limits: { ...limits, batch: 17 } });
    await rebuilding.start();
    await rebuilding.catchUp();
    expect(await rows("rebuilt")).toEqual(await rows(schema));
  }, 30_000);

  test("are kept by several processes together, which take over from one another", async () => {
    await using under = await bench();
    const { database, log, project, shopOn, expectAllShown } = under;
    const sharing = (owner: string) =>
      project({ source: logSource({ log, leases: shardLeases({ sql: database.sql, schema, owner, ttlMs: 200 }) }) });
    const leaving = sharing("leaving");
    await using staying = sharing("staying");
    await Promise.all([leaving.start(), staying.start()]);
    await shopOn(0.5);
    await leaving.stop();
    await shopOn(1);
    await staying.catchUp();
    await expectAllShown();
  }, 30_000);

  test("are folded from the log where rows are gone", async () => {
    await using under = await bench();
    const { database, project, shopOn, shown, elsewhere } = under;
    await shopOn(0.5);
    {
      await using projection = project();
      await projection.start();
      await projection.catchUp();
    }
    await database.sql`delete from projector.cart_view`;
    await shopOn(1);
    await using projection = project();
    await projection.start();
    await projection.catchUp();
    const page = await elsewhere.listBySubject(shopper, { limit: 100 });
    expect(page.views.length).toBeGreaterThan(0);
    for (const view of page.views) expect(view).toEqual(shown.get(view.cartId) as never);
  }, 30_000);

  test("stand still for a cart whose event is not known here, and go on for its neighbours", async () => {
    await using under = await bench();
    const { database, append, project, shopOn, views, expectAllShown } = under;
    const cartId = aCartId();
    const [opening, ...more] = eventsOfSteps(
      cartId,
      [0, 1, 2].map((product): ShoppingStep => [0, product, 0]),
    ).map(asNew);
    if (!opening) throw new Error("a first add is an event");
    await using projection = project();
    await projection.start();
    await append(cartId, [opening]);
    await append(cartId, [{ ...opening, eventId: crypto.randomUUID(), type: "CartGiftWrapped" }]);
    await append(cartId, more);
    await shopOn(1);
    await projection.catchUp();
    await expectAllShown();
    expect((await views.get(cartId))?.version).toBe(1);
    const parked = await postgresParking(database.sql, schema).list({ group: cartViewGroup });
    expect(parked).toMatchObject([
      { streamId: cartStreamId(cartId), waiting: 1 + more.length, reason: expect.stringContaining("CartGiftWrapped") },
    ]);
  }, 30_000);
});

describe("who waits for a version", () => {
  test("is answered in the process that projects, and in another one", async () => {
    await using under = await bench();
    const { append, log, project, views, elsewhere } = under;
    const tailer = await tail({ log });
    await using projection = project({ source: logSource({ log, tailer }) });
    await projection.start();
    const cartId = aCartId();
    const events = eventsOfSteps(
      cartId,
      [0, 1, 2].map((product): ShoppingStep => [0, product, 0]),
    );
    for (const [index, event] of events.entries()) {
      const waiting = [views, elsewhere].map((each) => each.waitForVersion(cartId, index + 1, { timeoutMs: 20_000 }));
      await append(cartId, [asNew(event)]);
      const expected = shownAfter(events.slice(0, index + 1));
      expect(await Promise.all(waiting)).toEqual([expected, expected]);
      expect(await views.get(cartId)).toEqual(expected);
    }
    await tailer.stop();
  }, 30_000);

  test("never finds an older view than the one that was waited for", async () => {
    await using under = await bench();
    const { append, project, views } = under;
    await using projection = project();
    await projection.start();
    const cartIds = Array.from({ length: 8 }, aCartId);
    await Promise.all(
      cartIds.map(async (cartId) => {
        const events = eventsOfSteps(cartId, someSteps(15));
        for (const [index, event] of events.entries()) {
          await append(cartId, [asNew(event)]);
          await views.waitForVersion(cartId, index + 1, { timeoutMs: 20_000 });
          expect((await views.get(cartId))?.version).toBe(index + 1);
        }
      }),
    );
    await until(async () => (await projection.lag()).every(({ lag }) => lag === 0n));
  }, 30_000);
});
