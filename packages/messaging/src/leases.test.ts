import type postgres from "postgres";
import { expect, test } from "vitest";
import { shardLeases } from "./leases.ts";
import { heldClock } from "./testing/held-clock.ts";

test("leases are renewed again after a time in which neither they nor the shards could be changed", async () => {
  const clock = heldClock();
  let renewals = 0;
  const begin = async () => {
    renewals += 1;
    throw new Error("the database is away");
  };
  const lettingGo: (readonly number[])[] = [];
  // A renewal needs no more of a database than its transaction, and nothing is given back to one that is away.
  const sql = Object.assign(() => Promise.resolve([]), { begin }) as unknown as postgres.Sql;
  const held = await shardLeases({ sql, schema: "projector", clock }).hold({
    group: "views",
    log: "cart",
    shards: 16,
    async assign(shards) {
      lettingGo.push(shards);
      throw new Error("the marks could not be saved");
    },
  });
  for (let time = 0; time < 6; time++) {
    clock.advance(2_500);
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  }
  expect([renewals, lettingGo, clock.waiting()]).toEqual([7, [[], []], 1]);
  await held.release();
  expect(clock.waiting()).toBe(0);
});
