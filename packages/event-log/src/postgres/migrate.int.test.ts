import { isRetryable } from "@cartwright/failures/is-retryable";
import { testDatabase } from "@cartwright/testkit/test-database";
import { troubledWay } from "@cartwright/testkit/troubled-way";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { asOwner } from "./as-owner.ts";
import { openEpoch } from "./epochs.ts";
import { eventLogMigrations } from "./event-log-migrations.ts";
import { migrate } from "./migrate.ts";

/** What a start says while it holds the lock of the migrations, or the log's own row. */
const words = [
  ["when it has the lock", /pg_advisory_xact_lock/],
  ["when it asks what was done", /select number, digest/],
  ["in the middle of a migration", /create table froz\w+.receipt/],
  ["when it notes a migration", /insert into "?froz\w+"?.migration/],
  ["when it repeats the grants", /has_table_privilege/],
  ["when it opens the epoch", /pg_control_system/],
] as const;

describe("a start whose process is frozen", () => {
  test("does not keep others from theirs for longer than a process may be idle, wherever it stands", async () => {
    const starts = words.map(async ([what, when], nth) => {
      await using db = await testDatabase();
      const schema = `frozen_${nth}`;
      const start = (connection: typeof db.options) =>
        asOwner(connection, async (owner) => {
          await migrate(owner, { schema, ...eventLogMigrations });
          // A second time, so that it finds what it did.
          await migrate(owner, { schema, ...eventLogMigrations });
          return openEpoch(owner, schema, 16);
        });
      await using way = await troubledWay(db.options, { when, what: "freeze" });
      const frozen = start({ ...db.options, host: "127.0.0.1", port: way.port }).catch((error) => error);
      await until(way.hadTrouble, { what, timeoutMs: 20_000 });
      expect([what, await start(db.options)]).toEqual([what, expect.any(String)]);
      expect([what, isRetryable(await frozen)]).toEqual([what, true]);
    });
    await Promise.all(starts);
  }, 40_000);
});
