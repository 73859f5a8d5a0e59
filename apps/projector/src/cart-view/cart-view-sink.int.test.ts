import type { CartView } from "@cartwright/contracts/cart-view";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import type { Runner, ShardStep } from "@cartwright/messaging/sink";
import { cartViewMigrations } from "@cartwright/read-model/postgres/cart-view-migrations";
import { projectionReadyMigrations } from "@cartwright/read-model/postgres/projection-ready-migrations";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { aCartId, asRecorded, eventsOfSteps, type ShoppingStep } from "../testing/shopping.ts";
import { type CartViewTools, cartViewSink } from "./cart-view-sink.ts";
import { projectCartViews } from "./project-cart-views.ts";

const schema = "projector";
const of = { group: "projector.cart-view", log: "cart" };
const from = { epoch: "e", position: 0n, eventId: null };

const log = { heads: async () => ({ epoch: "e", heads: [7n, 8n] }) };

const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...messagingMigrations });
  await migrate(sql, { schema, ...projectionReadyMigrations });
  await migrate(sql, { schema, ...cartViewMigrations });
};

/** One step of the first events of a cart. `after` runs once the view is written and before the mark is. */
const aStep = ({ events: count = 3, after = () => {} } = {}): ShardStep<CartViewTools, void> => {
  const cartId = aCartId();
  const adding: readonly ShoppingStep[] = [0, 1].map((product) => [0, product, 0]);
  const runner: Runner<CartViewTools, void> = {
    batch: true,
    keyOf: () => "",
    async run(work, { views }) {
      const events = work.map(({ event }) => event);
      await projectCartViews(events, { views, streams: { readStream: async () => [] } });
      after();
    },
  };
  const events = asRecorded(cartId, eventsOfSteps(cartId, adding)).slice(0, count);
  return { shard: 0, from, work: events.map((event) => ({ kind: "handle", event, epoch: "e", runner })) };
};

const bench = async () => {
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await testDatabase({ prepare }));
  const told: string[] = [];
  const tell = (what: string) => (views: readonly CartView[]) => void told.push(...views.map(({ version }) => `${what} ${version}`));
  const listener = { applied: tell("applied"), doubted: tell("doubted") };
  const sinkOn = (client: postgres.Sql) => cartViewSink({ sql: client, schema, log, listener });
  const sink = sinkOn(sql);
  await sink.progress.begin(of, new Map([[0, from]]));
  const resources = opened.move();
  return {
    sql,
    sink,
    sinkOn,
    told,
    stored: async () => {
      const [row] =
        await sql`select (select count(*)::integer from projector.cart_view) as views, (select position::integer from projector.mark) as mark`;
      return row;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

test("a view and its mark are there together, and only then is anybody told", async () => {
  await using under = await bench();
  const { sink, told, stored } = under;
  expect(await sink.flush(of, [aStep()])).toEqual([{ outcome: "settled", done: 3 }]);
  expect(await stored()).toEqual({ views: 1, mark: 3 });
  expect(told).toEqual(["applied 3"]);
});

test("neither is there when something breaks between the two, and nobody is told that it is", async () => {
  await using under = await bench();
  const { sink, told, stored } = under;
  const after = () => {
    throw new Error("between the view and the mark");
  };
  await expect(sink.flush(of, [aStep({ after })])).rejects.toThrow("between the view and the mark");
  expect(await sink.flush(of, [aStep({ after, events: 1 })])).toMatchObject([{ outcome: "settled", done: 0, stop: { kind: "error" } }]);
  expect(await stored()).toEqual({ views: 0, mark: 0 });
  expect(told).toEqual(["doubted 3"]);
});

test("a process whose mark another one has moved writes nothing and tells nobody", async () => {
  await using under = await bench();
  const { sink, told, stored } = under;
  await sink.flush(of, [aStep()]);
  told.length = 0;
  expect(await sink.flush(of, [aStep()])).toEqual([{ outcome: "fenced" }]);
  expect(await stored()).toEqual({ views: 1, mark: 3 });
  expect(told).toEqual([]);
});

test("what is whole is known from the start: where the log ended when the filling of each shard began", async () => {
  await using under = await bench();
  const { sql, sink } = under;
  await sink.progress.begin(of, new Map([0, 1].map((shard) => [shard, from])));
  const rows = await sql`select shard, pos::integer, ready_at::integer from projector.projection_marks(${of.group}) order by shard`;
  expect(rows).toEqual([0, 1].map((shard) => ({ shard, pos: 0, ready_at: 7 + shard })) as never);
});

test("a view whose commit was never answered is in doubt, whether it is there or not", async () => {
  await using under = await bench();
  const { sql, sinkOn, told, stored } = under;
  const begin = async (work: (tx: postgres.TransactionSql) => Promise<unknown>) => {
    await sql.begin(work);
    throw new Error("the answer is lost");
  };
  const losing = new Proxy(sql, { get: (target, key) => (key === "begin" ? begin : Reflect.get(target, key)) });
  await expect(sinkOn(losing).flush(of, [aStep()])).rejects.toThrow("the answer is lost");
  expect(await stored()).toEqual({ views: 1, mark: 3 });
  expect(told).toEqual(["doubted 3"]);
});
