import { testDatabase } from "@cartwright/testkit/test-database";
import { describe, expect, test } from "vitest";
import { shardLeases } from "./leases.ts";
import { heldClock } from "./testing/held-clock.ts";
import { serviceDatabase } from "./testing/service-database.ts";

const schema = "projector";
const promise = (name: string, run: () => Promise<void>) => test(name, run, 30_000);

const open = async () => {
  const database = await serviceDatabase(schema, testDatabase);
  const clock = heldClock();
  return {
    clock,
    join: async (owner: string, { group = "views", sql = database.sql } = {}) => {
      const member = { shards: [] as readonly number[], renew: async () => {}, release: async () => {}, letGo: async () => {} };
      const leases = shardLeases({ sql, schema, owner, clock });
      const held = await leases.hold({
        group,
        log: "cart",
        shards: 16,
        async assign(shards) {
          await member.letGo();
          member.shards = shards;
        },
      });
      return Object.assign(member, held);
    },
    /** As if the process had been silent for longer than its leases. */
    silence: async (owner: string) => {
      const past = new Date(Date.now() - 60_000);
      await database.sql`update ${database.sql(schema)}.shard_lease set until = ${past} where owner = ${owner}`;
      await database.sql`update ${database.sql(schema)}.lease_member set until = ${past} where owner = ${owner}`;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

const all = Array.from({ length: 16 }, (_, shard) => shard);

describe("shard leases", () => {
  promise("give one process all shards", async () => {
    await using t = await open();
    expect((await t.join("a")).shards).toEqual(all);
  });

  promise("are divided evenly as processes come, and none is held twice", async () => {
    await using t = await open();
    const [a, b, c] = [await t.join("a"), await t.join("b"), await t.join("c")];
    for (let round = 0; round < 3; round++) for (const member of [a, b, c]) await member.renew();
    expect([a, b, c].map(({ shards }) => shards.length).sort()).toEqual([4, 6, 6]);
    expect([...a.shards, ...b.shards, ...c.shards].sort((left, right) => left - right)).toEqual(all);
  });

  promise("are given to another process only after the one that held them has let go", async () => {
    await using t = await open();
    const a = await t.join("a");
    const b = await t.join("b");
    const { promise: flushed, resolve: flush } = Promise.withResolvers<void>();
    a.letGo = () => flushed;
    const renewing = a.renew();
    await b.renew();
    expect(b.shards).toEqual([]);
    flush();
    await renewing;
    await b.renew();
    expect(b.shards).toHaveLength(8);
  });

  promise("go to the others at once when a process ends", async () => {
    await using t = await open();
    const [a, b] = [await t.join("a"), await t.join("b")];
    await a.renew();
    await b.renew();
    await a.release();
    await b.renew();
    expect(b.shards).toEqual(all);
  });

  promise("run out when a process is silent", async () => {
    await using t = await open();
    await t.join("dead");
    const b = await t.join("b");
    expect(b.shards).toEqual([]);
    await t.silence("dead");
    await b.renew();
    expect(b.shards).toEqual(all);
  });

  promise("are given up by a process that can't renew them in time", async () => {
    await using t = await open();
    await using other = await serviceDatabase(schema, testDatabase);
    const a = await t.join("a", { sql: other.sql });
    await other.db.sql`drop schema ${other.db.sql(schema)} cascade`;
    await a.renew();
    expect(a.shards).toEqual(all);
    t.clock.advance(10_001);
    await a.renew();
    expect(a.shards).toEqual([]);
  });

  promise("of one group say nothing about another's", async () => {
    await using t = await open();
    const [a, b] = [await t.join("a"), await t.join("b", { group: "figures" })];
    expect(a.shards).toEqual(all);
    expect(b.shards).toEqual(all);
  });
});
