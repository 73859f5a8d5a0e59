import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { tail } from "@cartwright/event-log/tailer";
import { openPostgresCartViews } from "@cartwright/read-model/postgres/open-postgres-cart-views";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import { openRedisCartViews } from "@cartwright/read-model/redis/node/open-redis-cart-views";
import { respOf } from "@cartwright/read-model/testing/resp-of";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { generateSigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { freePort } from "@cartwright/testkit/free-port";
import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, httpLink } from "@trpc/client";
import { createLocalJWKSet } from "jose";
import superjson from "superjson";
import { expect, test } from "vitest";
import { startProjector } from "./compose.ts";
import type { ProjectorRouter } from "./router.ts";
import { servedLog } from "./testing/served-log.ts";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep, shopper, shownAfter } from "./testing/shopping.ts";

const ours = { issuer: "cartwright", audience: "cartwright" };
/** The other services are away, all the while. */
const nobodyElse = { billing: new Promise<never>(() => {}), fraud: new Promise<never>(() => {}) };
const adding: readonly ShoppingStep[] = [0, 1, 2].map((product) => [0, product, 0]);

/** A database with a cart's log, whose shoppers add things. */
const shop = async () => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase());
  const log = opened.use(await openPostgresEventLog({ connection: database.options, schema: "cart" }));
  const resources = opened.move();
  return {
    database,
    log,
    async fill(cartId: CartId) {
      const events = eventsOfSteps(cartId, adding);
      await log.append({
        commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: events.length }],
        streams: [{ streamId: cartStreamId(cartId), expect: "noStream", events: events.map(asNew) }],
      });
      return shownAfter(events);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

test("beside the cart it shows each change at once, and tells how far it is behind", async () => {
  await using under = await shop();
  const { database, log, fill } = under;
  await using views = await openPostgresCartViews({ connection: database.options, log, rememberLines: 100 });
  const cartTailer = await tail({ log });
  const issuer = await tokenIssuer({ keys: [await generateSigningKey()], ...ours });
  const metrics = processMetrics({ ofProcess: false });
  const projector = await startProjector({
    config: { PROJECTOR_PORT: 0, HOST: "127.0.0.1" },
    postgres: database.options,
    cartLog: log,
    cartTailer,
    feeds: nobodyElse,
    shared: false,
    views,
    verifier: tokenVerifier({ keys: createLocalJWKSet(issuer.jwks), ...ours }),
    logger: silentLogger,
    metrics,
  });
  const cartId = aCartId();
  const waiting = views.waitForVersion(cartId, adding.length + 1, { timeoutMs: 20_000 });
  const shown = await fill(cartId);
  expect(await waiting).toEqual(shown);

  const { token } = await issuer.issue({ subject: "ops", kind: "service", scopes: ["ops:read"] });
  const link = httpLink({ url: `${projector.url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } });
  const client = createTRPCClient<ProjectorRouter>({ links: [link] });
  const {
    projections: [lag],
  } = await client.projector.lag.query();
  expect(lag).toMatchObject({ projection: "cart-view", log: "cart", events: 0, seconds: 0 });
  expect(lag?.shards).toHaveLength(16);
  expect((await fetch(`${projector.url}/health/ready`)).status).toBe(200);
  expect((await metrics.expose()).body).toContain(`cartwright_projection_lag_events{projection="cart-view",shard="15"}`);

  await projector.stop();
  await expect(fetch(`${projector.url}/health/live`)).rejects.toThrow();
  await cartTailer.stop();
});

test.skipIf(lacks("own redis"))(
  "with a Redis it keeps the views there, and lists come from PostgreSQL while Redis is away",
  async () => {
    await using server = await startRedis();
    await using under = await shop();
    const { database, log, fill } = under;
    const redis = respOf(server.url);
    const onAway: unknown[] = [];
    await using views = await openRedisCartViews({
      redis,
      postgres: database.options,
      log,
      onAway: (error) => onAway.push(error),
    });
    const issuer = await tokenIssuer({ keys: [await generateSigningKey()], ...ours });
    const health = processHealth({ keepMs: 0 });
    await using projector = await startProjector({
      config: { PROJECTOR_PORT: 0, HOST: "127.0.0.1", REDIS_CONNECTION_STRING: redis },
      postgres: database.options,
      cartLog: log,
      feeds: nobodyElse,
      shared: false,
      verifier: tokenVerifier({ keys: createLocalJWKSet(issuer.jwks), ...ours }),
      health,
      logger: silentLogger,
    });
    const cartIds = [aCartId(), aCartId(), aCartId()];
    const shown = await Promise.all(cartIds.map(fill));
    for (const cartId of cartIds) await views.waitForVersion(cartId, adding.length + 1, { timeoutMs: 20_000 });
    const byId = (list: readonly (CartView | null)[]) => list.map((view) => JSON.stringify(view)).sort();
    const { views: listed } = await views.listBySubject(shopper, { limit: 10 });
    expect(byId(listed)).toEqual(byId(shown));
    expect(await views.check()).toEqual({ ok: true, detail: "version 1" });
    expect((await database.sql`select count(*)::integer as count from projector.cart_view`)[0]).toEqual({ count: 0 });

    await until(async () => (await database.sql`select count(*)::integer as count from projector.subject_cart`)[0]?.count === 3);
    await server.kill();
    expect((await views.check()).detail).toMatch(/^Redis is away \(.+\): carts are folded from the log$/);
    const { views: folded } = await views.listBySubject(shopper, { limit: 10 });
    expect(byId(folded)).toEqual(byId(shown));
    expect(onAway.length).toBeGreaterThan(0);
    expect((await fetch(`${projector.url}/health/ready`)).status).toBe(200);

    await server.start();
    await until(async () => (await views.check()).detail === "version 1", { timeoutMs: 30_000 });
    const { views: again } = await views.listBySubject(shopper, { limit: 10 });
    expect(byId(again)).toEqual(byId(shown));
  },
  60_000,
);

test.skipIf(lacks("own redis"))(
  "a Redis that would evict what it holds is refused at the start",
  async () => {
    await using server = await startRedis();
    await using under = await shop();
    const redis = respOf(server.url);
    using client = openRedis(redis);
    await client.redis.exec(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    const issuer = await tokenIssuer({ keys: [await generateSigningKey()], ...ours });
    const starting = startProjector({
      config: { PROJECTOR_PORT: 0, HOST: "127.0.0.1", REDIS_CONNECTION_STRING: redis },
      postgres: under.database.options,
      cartLog: under.log,
      feeds: nobodyElse,
      shared: false,
      verifier: tokenVerifier({ keys: createLocalJWKSet(issuer.jwks), ...ours }),
      logger: silentLogger,
    });
    await expect(starting).rejects.toThrow("noeviction");
  },
  60_000,
);

test("as a process of its own it starts on a fresh database, projects, ends on a signal, and goes on when it is back", async () => {
  await using under = await shop();
  const { database, fill } = under;
  await using views = await openPostgresCartViews({ connection: database.options, log: under.log });
  await using cart = servedLog(under.log);
  const { host, port, username, user, password, database: name } = database.options as Record<string, unknown>;
  const pairs = { Host: host, Port: port, Database: name, Username: username ?? user, Password: password };
  const environment = {
    ...process.env,
    POSTGRES_CONNECTION_STRING: Object.entries(pairs)
      .map(([key, value]) => `${key}="${value ?? ""}"`)
      .join(";"),
    CART_URL: cart.url,
    PROJECTOR_PORT: String(await freePort()),
    ADMIN_PORT: String(await freePort()),
  };
  const start = async () => {
    const projector = spawnTracked([process.execPath, `${import.meta.dirname}/main.ts`], { cwd: import.meta.dirname, env: environment });
    await projector.line(/projector listens/);
    return projector;
  };
  const expectShown = async (cartId: CartId, shown: CartView | null) =>
    expect(await views.waitForVersion(cartId, adding.length + 1, { timeoutMs: 20_000 })).toEqual(shown);
  {
    await using projector = await start();
    const cartId = aCartId();
    await expectShown(cartId, await fill(cartId));
    const metrics = await until(async () => {
      const body = await (await fetch(`http://127.0.0.1:${environment.ADMIN_PORT}/metrics`)).text();
      return body.includes("cartwright_projection_lag_events") && body;
    });
    expect(metrics).toContain(`consumer_handled_total{group="projector.cart-view"`);
    projector.signalGroup("SIGTERM");
    expect(await projector.exited).toBe(0);
  }
  const meanwhile = aCartId();
  const shown = await fill(meanwhile);
  expect(await views.get(meanwhile)).toBeNull();
  await using _projector = await start();
  await expectShown(meanwhile, shown);
}, 30_000);
