import { testDatabase } from "@cartwright/testkit/test-database";
import fc from "fast-check";
import { expect, test } from "vitest";
import { events } from "../conformance.ts";
import type { AppendResult, AppendUnit, Claim, EventLog } from "../event-log.ts";
import { inMemoryEventLog } from "../in-memory-event-log.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

const claim = fc.oneof(
  fc.record({
    kind: fc.constant("count" as const),
    key: fc.constantFrom("stock", "coupon"),
    delta: fc.integer({ min: -3, max: 3 }),
    atMost: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    kind: fc.constantFrom("hold" as const, "holdIfFree" as const, "release" as const),
    key: fc.constantFrom("cart", "seat"),
    holder: fc.constantFrom("a", "b"),
  }),
);

const unit = fc
  .record({
    commands: fc.array(
      fc.record({
        key: fc.constantFrom("k1", "k2", "k3", "k4", "k5", "k6"),
        fingerprint: fc.constantFrom("x", "y"),
        eventCount: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    streams: fc.uniqueArray(fc.constantFrom("s1", "s2", "s3"), { minLength: 1, maxLength: 3 }),
    expect: fc.array(fc.constantFrom("any" as const, "exists" as const, "noStream" as const, 0, 1, 2, 3, 4), {
      minLength: 3,
      maxLength: 3,
    }),
    otherEvents: fc.integer({ min: 0, max: 2 }),
    // Half of them have none: then the database may go the short way.
    claims: fc.oneof(fc.array(claim, { maxLength: 0 }), fc.array(claim, { maxLength: 3 })),
  })
  // A key stands once in a unit: the command handler settles repeats before they get here.
  .filter(({ commands }) => new Set(commands.map(({ key }) => key)).size === commands.length);

type Drawn = typeof unit extends fc.Arbitrary<infer Value> ? Value : never;

/** Ids are made unique to the run, so that all runs share one database. */
const unitOf = (drawn: Drawn, run: string): AppendUnit => {
  const [first, ...commands] = drawn.commands.map((command) => ({ ...command, key: `${run}/${command.key}` }));
  const eventCount = drawn.commands.reduce((sum, command) => sum + command.eventCount, 0);
  const [firstStream, ...streams] = drawn.streams.map((name, index) => ({
    streamId: `${run}-${name}`,
    expect: drawn.expect[index] ?? "any",
    events: events(index === 0 ? eventCount : drawn.otherEvents),
  }));
  if (!first || !firstStream) throw new TypeError("a unit has a command and a stream");
  return {
    commands: [first, ...commands],
    streams: [firstStream, ...streams],
    claims: drawn.claims.map((one): Claim => ({ ...one, key: `${run}/${one.key}` })),
  };
};

/** What must be the same on both: not the times, nor the positions, which all runs on the database share. */
const comparable = (result: AppendResult): unknown => {
  if (result.outcome === "appended" || result.outcome === "duplicate") {
    const receipts = result.receipts
      .map(({ position: _, ...receipt }) => receipt)
      .toSorted((left, right) => (left.key < right.key ? -1 : 1));
    return result.outcome === "appended"
      ? { outcome: result.outcome, receipts, streams: result.streams.map(({ streamId, version }) => ({ streamId, version })) }
      : { outcome: result.outcome, receipts };
  }
  return result;
};

const versionsIn = async (log: EventLog, run: string) =>
  Promise.all(
    ["s1", "s2", "s3"].map(async (name) =>
      (await log.readStream(`${run}-${name}`)).map(({ version, type, data }) => ({ version, type, data })),
    ),
  );

test("PostgreSQL decides every append as the model in memory does, and holds the same streams and claims", async () => {
  await using db = await testDatabase();
  await using log = await openPostgresEventLog({ connection: db.options, schema: "cart", wakeUps: "in-process" });
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 25 }), async (drawn) => {
      const run = crypto.randomUUID();
      const model = inMemoryEventLog({ name: "model" });
      for (const next of drawn) {
        const appended = unitOf(next, run);
        const expected = comparable(await model.append(appended));
        expect(comparable(await log.append(appended))).toEqual(expected);
      }
      const keys = ["stock", "coupon", "cart", "seat"].map((key) => `${run}/${key}`);
      expect(new Map([...(await log.claims(keys))].toSorted())).toEqual(new Map([...(await model.claims(keys))].toSorted()));
      expect(await versionsIn(log, run)).toEqual(await versionsIn(model, run));
    }),
    { numRuns: 60 },
  );
}, 60_000);
