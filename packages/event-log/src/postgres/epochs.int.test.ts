import { testDatabase } from "@cartwright/testkit/test-database";
import { describe, expect, test } from "vitest";
import { aStream, aUnit } from "../conformance.ts";
import { commonUpTo, epochsOf, renewEpoch } from "./epochs.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

const shardWithEvents = (heads: readonly bigint[]) => heads.findIndex((head) => head > 0n);

describe("the epochs of a log", () => {
  test("a new log has one, which began with nothing", async () => {
    await using db = await testDatabase();
    await using log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
    const epochs = await epochsOf(db.sql, "cart");
    expect(epochs).toMatchObject([{ epoch: log.epoch, beganAt: Array.from({ length: 16 }, () => 0n) }]);
  });

  test("a log that was put back in its place gets another one by word of its operator, and each start keeps it", async () => {
    await using db = await testDatabase();
    const before = await openPostgresEventLog({ connection: db.options, schema: "cart" });
    await before.append(aUnit({ streamId: aStream() }));
    const { heads } = await before.heads();
    await before.close();

    const epoch = await renewEpoch(db.sql, "cart");
    await using after = await openPostgresEventLog({ connection: db.options, schema: "cart" });
    expect(after.epoch).toBe(epoch);
    const epochs = await epochsOf(db.sql, "cart");
    expect(epochs.map((each) => each.epoch)).toEqual([before.epoch, epoch]);
    expect(epochs[1]?.beganAt).toEqual([...heads]);
  });

  test("what an earlier epoch counted holds up to where the least of the later ones began", async () => {
    const at = (epoch: string, began: bigint) => ({ epoch, beganAt: [began], openedAt: new Date(0) });
    const epochs = [at("first", 0n), at("second", 70n), at("third", 50n), at("fourth", 60n)];
    const held = (epoch: string, position: bigint) => commonUpTo(epochs, { epoch, shard: 0, position });
    expect(held("first", 100n)).toBe(50n);
    expect(held("first", 40n)).toBe(40n);
    expect(held("third", 100n)).toBe(60n);
    expect(held("fourth", 100n)).toBe(100n);
    expect(held("another log's", 1n)).toBeNull();
  });

  test("a restored copy begins its epoch where the restore ended", async () => {
    await using db = await testDatabase();
    const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
    await log.append(aUnit({ streamId: aStream() }));
    const { heads } = await log.heads();
    await log.close();
    // What a copy finds of itself when it wakes up elsewhere.
    await db.sql`update cart.log set home = 'where it was before'`;
    await using copy = await openPostgresEventLog({ connection: db.options, schema: "cart" });
    const epochs = await epochsOf(db.sql, "cart");
    expect(epochs.at(-1)?.epoch).toBe(copy.epoch);
    const shard = shardWithEvents(heads);
    expect(commonUpTo(epochs, { epoch: log.epoch, shard, position: 9n })).toBe(1n);
  });
});
