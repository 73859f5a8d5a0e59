import { type MailProvider, startMailProvider } from "@cartwright/infra/embedded/mail-provider";
import { type PaymentProvider, startPaymentProvider } from "@cartwright/infra/embedded/payment-provider";
import { type KafkaCluster, startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { type PostgresServer, startPostgres } from "@cartwright/testkit/postgres";
import { until } from "@cartwright/testkit/until";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asking } from "../asking.ts";
import { piece, stockPieces } from "../buy.ts";
import { betweenIntentAndOutcome, eachOnce, stepsFor, stepsOf } from "../crash-points/held-step.ts";
import { lineageOf, lineageOfMail, type TraceCollector, traceCollector } from "../trace-collector.ts";
import { atRest, judge, type Verdict } from "./at-rest.ts";
import { cameByKafka, consumptionOf, groupsAt } from "./consumption.ts";
import { type DistributedSystem, startDistributed } from "./distributed-system.ts";
import { followedPurchase } from "./followed-purchase.ts";
import { ops } from "./ops.ts";
import { kinds, plain } from "./purchase-kinds.ts";
import { redeliver } from "./redeliver.ts";
import { rolling } from "./rolling.ts";
import type { ServiceName } from "./running-service.ts";
import { sumOf } from "./samples.ts";
import { type Purchase, type Shoppers, startShoppers } from "./shoppers.ts";

const reacting = ["billing", "fraud", "notification", "projector"] as const satisfies readonly ServiceName[];
const everybody = [...reacting, "cart"] as const;
const minutes = 60_000;

/** What a process is replaced in the middle of, among others: money and mail, each where nobody knows what became of it, too. */
const atStake = [
  ...["authorize", "capture", "void", "refund"].flatMap((asked) => [`billing.intent ${asked} taken`, `billing.intent ${asked} unknown`]),
  ...["Authorized", "Captured", "Voided", "Refunded", "OutcomeUnknown"].map((type) => `billing.event Payment${type}`),
  ...["notification.intent mail taken", "notification.mail", "notification.event NotificationSent"],
];

describe.skipIf(lacks("own kafka"))("five processes that meet on Kafka", () => {
  const held = new AsyncDisposableStack();
  let kafka: KafkaCluster;
  let postgres: PostgresServer;
  let collector: TraceCollector;
  let provider: PaymentProvider;
  let mailer: MailProvider;
  let system: DistributedSystem;
  let shoppers: Shoppers;
  /** Each group at the brokers. */
  let consuming: readonly string[] = [];

  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
    held.use(kafka);
    held.use(postgres);
    collector = held.use(traceCollector());
    provider = held.use(startPaymentProvider(() => system.url("billing")));
    mailer = held.use(startMailProvider());
    const environment = {
      ...provider.environment,
      ...mailer.environment,
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers.join(","),
      KAFKA_GROUP_ID: "shopping-cart-group",
      // What a killed process had begun is taken over soon.
      ...{ PAYMENT_TIMEOUT: "2s", INTENT_LEASE: "5s", DEFAULT_CURRENCY: "EUR" },
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    };
    system = held.use(await startDistributed({ postgres, environment }));
    const origin = system.url("cart");
    await stockPieces(
      asking(() => origin),
      await system.operator(),
    );
    shoppers = held.use(startShoppers({ origin, count: 4, productId: piece.productId, operator: system.operator }));
  }, 4 * minutes);
  afterAll(() => held.disposeAsync(), minutes);

  /** Whoever fails says what the processes said. */
  const told = (name: string, body: () => Promise<void>, timeoutMs: number) =>
    test(
      name,
      () =>
        body().catch((error) => {
          process.stderr.write(`${name}: failed. ${system.lastWords()}\n`);
          throw error;
        }),
      timeoutMs,
    );

  /** Counted once, whoever counted them and however often they were told. */
  const expectExactFigures = async () =>
    expect(await ops(["rebuild", "figures", "check"], system.environment)).toContain("each as the log has it");

  /** What is wrong when everything should have come to rest. */
  const verdict = async (): Promise<Verdict> => {
    let last = atRest;
    const isAtRest = async () => {
      last = await judge(system.sql, shoppers.acknowledged, { provider, mailer, stock: piece });
      return Object.values(last).every((wrong) => wrong.length === 0);
    };
    await until(isAtRest, { timeoutMs: 2 * minutes, what: "rest" }).catch(() => {});
    return last;
  };

  /** Purchases, one after another, until one of them came to all of these groups by Kafka alone. */
  const untilKafkaCarries = async (groups: readonly string[]): Promise<void> => {
    const isCarried = async () => {
      const before = await consumptionOf(system);
      await shoppers.more(1);
      expect(await verdict()).toEqual(atRest);
      return cameByKafka(groups, { before, after: await consumptionOf(system) });
    };
    await until(isCarried, { timeoutMs: minutes, what: `news by Kafka for ${groups.join(", ")}` });
  };

  told(
    "carry each checkout on to its order, its payment and its mail, seen live by who pays, in one trace",
    async () => {
      const traceId = "0af7651916cd43dd8448eb211c80319c";
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
      const { checkoutId, cartId } = await followedPurchase({ url: system.url("cart"), headers, timeoutMs: minutes });
      shoppers.bought({ checkoutId, cartId });
      expect(await verdict()).toEqual(atRest);
      const rows = await system.sql<{ trace: string }[]>`
      select distinct split_part(metadata->>'traceparent', '-', 2) as trace from (
        select stream_id, metadata from cart.event
        union all select stream_id, metadata from billing.event
        union all select stream_id, metadata from fraud.event
        union all select stream_id, metadata from notification.event) e
      where stream_id like ${`%${checkoutId}`} or stream_id = ${`cart-${cartId}`}`;
      expect(rows.map(({ trace }) => trace)).toEqual([traceId]);
      const services = () => new Set(collector.spans().flatMap((span) => (span.traceId === traceId ? [span.service] : [])));
      const lineage = () => lineageOf(collector.spans(), { traceId, name: "send mail" });
      const isTold = () => services().size >= 5 && lineage().length >= lineageOfMail.length;
      await until(isTold, { timeoutMs: minutes, what: "spans of five services" });
      expect(lineage()).toEqual(lineageOfMail.map(([service, name]) => `${service}: ${name}`));
      expect([...services()].toSorted()).toEqual(["billing", "cart", "fraud", "notification", "projector"]);
    },
    3 * minutes,
  );

  told(
    "hear of each other by Kafka alone, in groups whose names begin as they were told, and are behind in none",
    async () => {
      consuming = await groupsAt(kafka.bootstrapServers, "shopping-cart-group");
      const arrows = new Set(consuming.map((group) => group.replace(/\..* of /, " hears of ")));
      const drawn = [
        ...["cart billing", "cart fraud", "billing cart", "fraud billing", "notification cart"],
        ...["projector cart", "projector billing", "projector fraud"],
      ];
      expect([...arrows]).toEqual(expect.arrayContaining(drawn.map((arrow) => arrow.replace(" ", " hears of "))));
      await untilKafkaCarries(consuming);
      const isNobodyBehind = async () => (await consumptionOf(system)).behind.length === 0;
      await until(isNobodyBehind, { timeoutMs: minutes, what: "no lag" });
    },
    3 * minutes,
  );

  told(
    "share the work with replicas, from one to three and back, some of which freeze and wake up as zombies",
    async () => {
      const replicas = await Promise.all([...everybody, ...everybody].map((service) => system.replica(service)));
      const [frozen, others] = [replicas.slice(0, everybody.length), replicas.slice(everybody.length)];
      const carts = [system.url("cart"), ...replicas.flatMap(({ service, url }) => (service === "cart" ? [url] : []))];
      shoppers.goTo(carts);
      let idle: readonly string[] = [];
      const areAllAtWork = async () => {
        await shoppers.more(2);
        const handled = await Promise.all(replicas.map(async ({ metrics }) => sumOf(await metrics(), "consumer_handled_total")));
        idle = replicas.flatMap(({ service }, index) => (handled[index] ? [] : [service]));
        return idle.length === 0;
      };
      await until(areAllAtWork, { timeoutMs: minutes, what: "work for each replica" }).catch(() => {});
      expect(idle).toEqual([]);

      shoppers.goTo(carts.filter((url) => frozen.every((replica) => replica.url !== url)));
      for (const { pid } of frozen) process.kill(pid, "SIGSTOP");
      try {
        // Longer than the others believe in who is silent: its shards are theirs then.
        await shoppers.more(20);
        expect(await verdict()).toEqual(atRest);
      } finally {
        for (const { pid } of frozen) process.kill(pid, "SIGCONT");
      }
      shoppers.goTo(carts);
      await shoppers.more(10);
      shoppers.goTo([system.url("cart")]);
      for (const leaving of [frozen, others]) {
        shoppers.want(5);
        for (const { pid } of leaving) process.kill(pid, "SIGTERM");
        expect(await Promise.all(leaving.map(({ exited }) => exited))).toEqual(leaving.map(() => 0));
      }
      await shoppers.more(1);
      expect(await verdict()).toEqual(atRest);
      await expectExactFigures();
    },
    5 * minutes,
  );

  told(
    "do nothing again while all that was ever told on Kafka is told twice more, in no order",
    async () => {
      const { dropped } = await consumptionOf(system);
      shoppers.want(10);
      const again = await redeliver(kafka.bootstrapServers, { times: 2 });
      await shoppers.more(1);
      expect(again).toBeGreaterThan(2 * 10 * shoppers.acknowledged.length);
      // Counted by each group that reads a topic, and most topics have several.
      await until(async () => (await consumptionOf(system)).dropped >= dropped + again, {
        timeoutMs: minutes,
        what: "all that was told again",
      });
      expect(await verdict()).toEqual(atRest);
      await expectExactFigures();
    },
    3 * minutes,
  );

  told(
    "end cleanly by SIGTERM while Kafka, another service or PostgreSQL does not answer, and lose nothing by it",
    async () => {
      const all = [...reacting, "cart"] satisfies ServiceName[];
      const others = all.filter((name) => name !== "billing");
      const end = async (names: readonly ServiceName[]) => {
        const ending = names.map((name) => system.process(name));
        for (const { pid } of ending) process.kill(pid, "SIGTERM");
        const exits = await Promise.all(ending.map(async ({ exited, output }, nth) => [names[nth], await exited, output()] as const));
        expect(exits.filter(([, code]) => code !== 0)).toEqual([]);
      };
      await shoppers.more(2);
      const frozen = [kafka.brokers[0]?.pid ?? 0, system.process("billing").pid];
      for (const pid of frozen) process.kill(pid, "SIGSTOP");
      await shoppers.more(4);
      await end(others);
      for (const pid of frozen) process.kill(pid, "SIGCONT");
      await Promise.all(others.map((service) => system.start(service)));

      await postgres.kill();
      await end(all);
      await postgres.start();
      await Promise.all(all.map((service) => system.start(service)));
      await shoppers.more(2);
      expect(await verdict()).toEqual(atRest);
    },
    4 * minutes,
  );

  told(
    "lose nothing and do nothing twice while each of them is killed in turn",
    async () => {
      for (const service of everybody) {
        shoppers.want(5);
        await system.kill(service);
        shoppers.want(5);
        await system.start(service);
        await shoppers.more(1);
      }
      expect(await verdict()).toEqual(atRest);
      await expectExactFigures();
    },
    5 * minutes,
  );

  told(
    "end right when the process is replaced that is in the middle of a step between an intent and its outcome",
    async () => {
      using steps = await stepsOf(system.sql);
      const examples = await shoppers.buy(kinds);
      expect(await verdict()).toEqual(atRest);
      const taken = await steps.taken();
      const services = ["billing", "notification"] as const;
      const between = ({ cartId }: Purchase) => services.flatMap((service) => betweenIntentAndOutcome(service, stepsFor(cartId, taken)));
      const rolls = eachOnce(examples.map(between)).flatMap((found, index) => found.map((step) => ({ step, kind: kinds[index] ?? plain })));
      expect(rolls.map(({ step }) => `${step.table} ${step.what}`.trimEnd())).toEqual(expect.arrayContaining(atStake));
      const deployment = await rolling(system, services);
      for (const [turn, { step, kind }] of rolls.entries()) {
        await steps.hold(step);
        // Each kind is also once under way beside another one.
        shoppers.wantEach([kind, ...kinds.slice(turn, turn + 1)]);
        const session = await Promise.race([steps.untilHeld(step, minutes), deployment.failure]);
        // Of the two that which is in the middle of it: it takes nothing new, ends what it has begun, and goes.
        const old = await deployment.replace(session);
        await steps.letGo({ isWritten: true });
        expect({ step, exit: await old.gone }).toEqual({ step, exit: 0 });
      }
      expect(await deployment.end()).toEqual(services.map(() => 0));
      await shoppers.more(1);
      expect(await verdict()).toEqual(atRest);
    },
    5 * minutes,
  );

  told(
    "lose nothing while Kafka is killed and started again, and when it loses all it has",
    async () => {
      const [broker] = kafka.brokers;
      shoppers.want(5);
      await broker?.kill();
      await shoppers.more(5);
      await broker?.start();
      await shoppers.more(5);
      expect(await verdict()).toEqual(atRest);
      await kafka.wipe();
      shoppers.want(10);
      await kafka.wipe();
      await shoppers.more(5);
      expect(await verdict()).toEqual(atRest);
      await untilKafkaCarries(consuming);
    },
    5 * minutes,
  );

  told(
    "lose nothing while PostgreSQL is killed and started again",
    async () => {
      shoppers.want(10);
      await postgres.kill();
      await postgres.start();
      await shoppers.more(5);
      expect(await verdict()).toEqual(atRest);
    },
    4 * minutes,
  );

  const started = async () => {
    const rows = await system.sql<{ id: string }[]>`select data->>'checkoutId' as id from cart.event where type = 'CheckoutStarted'`;
    return rows.map(({ id }) => id);
  };
  /** Begun, and as far as the database knows not paid. */
  const underWay = async () => {
    const rows = await system.sql<{ id: string }[]>`
      select data->>'checkoutId' as id from cart.event where type = 'CheckoutStarted'
      except select regexp_replace(stream_id, '^payment-', '') from billing.event where type in ('PaymentCaptured', 'PaymentVoided')`;
    return rows.map(({ id }) => id);
  };
  /** Which mail was sent for each checkout, as far as the database knows. */
  const toldAsMailed = async () => {
    const rows = await system.sql<{ id: string; messageId: string }[]>`
      select split_part(stream_id, ':', 3) as id, data->>'messageId' as "messageId" from notification.event where type = 'NotificationSent'`;
    return new Map(rows.map(({ id, messageId }) => [id, messageId]));
  };
  /** What the projector has, so that it can be put back: as if its tables were in a database that was not restored. */
  const projectorTables = async () => {
    const tables = ["mark_shard", "mark", "cart_view"] as const;
    const rows = await Promise.all(
      tables.map((table) => system.sql<Record<string, string>[]>`select * from projector.${system.sql(table)}`),
    );
    return () =>
      system.sql.begin(async (sql) => {
        for (const table of tables) await sql`delete from projector.${sql(table)}`;
        for (const [index, table] of tables.entries())
          for (const row of rows[index] ?? []) await sql`insert into projector.${sql(table)} ${sql(row)}`;
      });
  };

  told(
    "take nothing for true that Kafka or a view still holds of a time that PostgreSQL was restored to before, and neither charge nor mail anybody again",
    async () => {
      shoppers.want(10);
      await until(async () => (await underWay()).length > 1, { timeoutMs: minutes, what: "checkouts that are under way" });
      const kept = [...shoppers.acknowledged];
      await postgres.backup();
      await shoppers.more(10);
      expect(await verdict()).toEqual(atRest);

      for (const service of everybody) await system.kill(service);
      const putBack = await projectorTables();
      await postgres.restore();
      await putBack();
      const there = new Set(await started());
      expect(kept.filter(({ checkoutId }) => !there.has(checkoutId))).toEqual([]);
      shoppers.forget(({ checkoutId }) => !there.has(checkoutId));
      // Who was charged, and who has their mail, without the database knowing any more.
      const charged = provider.charges();
      expect((await underWay()).filter((id) => charged.has(id)).length).toBeGreaterThan(0);
      const [delivered, remembered] = [mailer.mails(), await toldAsMailed()];
      const forgotten = [...there].filter((id) => delivered.has(id) && !remembered.has(id));
      expect(forgotten.length).toBeGreaterThan(0);

      expect(await ops(["restored"], system.environment)).toContain("in a new epoch: billing, cart, fraud, notification.");
      await Promise.all(everybody.map((service) => system.start(service)));
      const stopped = async () => sumOf(await system.process("projector").metrics(), "consumer_stopped", { group: "projector.cart-view" });
      await until(async () => (await stopped()) > 0, { timeoutMs: minutes, what: "the projector to say that its marks diverge" });
      expect(await ops(["recover"], system.environment)).toMatch(/^[1-9]\d* marks? stands? beyond (its|their) log$/m);
      await ops(["recover", "--apply"], system.environment);
      expect(await ops(["rebuild", "cart-view"], system.environment)).toContain("version 2");
      expect(await ops(["recover"], system.environment)).toBe("0 marks stand beyond their log\n");

      await shoppers.more(10);
      const heldBack = await judge(system.sql, shoppers.acknowledged, { provider, mailer });
      expect(heldBack.unfinished.length).toBeGreaterThan(0);
      for (const service of ["billing", "notification"])
        expect(await ops(["effects", "release", service, "the backup is in place"], system.environment)).toContain(`${service}: released`);
      expect(await verdict()).toEqual(atRest);
      // Told again by the mail that each of them has, of the time that was lost.
      const told = await toldAsMailed();
      expect(forgotten.map((id) => [id, told.get(id)])).toEqual(forgotten.map((id) => [id, delivered.get(id)?.[0]?.id]));
    },
    6 * minutes,
  );
});
