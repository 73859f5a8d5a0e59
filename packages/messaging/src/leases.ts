import { intArray } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import { type Clock, systemClock } from "./clock.ts";
import { reasonOf } from "./consumer-context.ts";
import type { GroupOnLog } from "./mark.ts";
import { type Logger, silentLogger } from "./observability.ts";

/** Divides the shards of a log among the processes of a group. Only for fairness: what is done is guarded by the marks. */
export type ShardLeases = { hold(request: LeaseRequest): Promise<HeldLeases> };

export type LeaseRequest = GroupOnLog & {
  shards: number;
  /** Told whenever this process's shards change. Resolves when it has let go of the others. */
  assign: (shards: readonly number[]) => Promise<void>;
};

export type HeldLeases = {
  /** Looks at the shares now and not at the next renewal. */
  renew(): Promise<void>;
  /** Gives all shards up, so that others need not wait until the leases run out. */
  release(): Promise<void>;
};

export type ShardLeasesOptions = {
  sql: postgres.Sql;
  schema: string;
  /** Names this process; random by default. */
  owner?: string;
  /** A process that is silent for so long loses its shards. Renewed four times in it. Default 10,000 ms. */
  ttlMs?: number;
  clock?: Clock;
  logger?: Logger;
};

/** Leases in the group's schema, by the database's clock. */
export const shardLeases = (options: ShardLeasesOptions): ShardLeases => {
  const { ttlMs = 10_000, clock = systemClock, logger = silentLogger, owner = crypto.randomUUID() } = options;
  const table = { ...options, owner, ttlMs };
  return {
    async hold({ group, log, shards, assign }) {
      const of = { group, log };
      let lastRenewal = clock.now().getTime();
      let cancel = () => {};
      let released = false;

      const renewOnce = async () => {
        try {
          const { kept, surplus } = await takeShare(table, { ...of, shards });
          lastRenewal = clock.now().getTime();
          if (released) return;
          await assign(kept);
          if (surplus.length > 0) await giveBack(table, { ...of, shards: surplus });
        } catch (error) {
          logger.warn({ ...of, error: reasonOf(error) }, "the shard leases could not be renewed");
          // By now somebody else may have them.
          if (clock.now().getTime() - lastRenewal > ttlMs && !released) await letGo();
        }
      };
      /** What keeps it from that is no reason not to renew again. */
      const letGo = async () => {
        try {
          await assign([]);
        } catch (error) {
          logger.warn({ ...of, error: reasonOf(error) }, "the shards could not be let go of");
        }
      };
      let renewing = Promise.resolve();
      const renew = () => {
        cancel();
        renewing = renewing.then(renewOnce).then(() => {
          cancel();
          if (!released) cancel = clock.after(ttlMs / 4, renew);
        });
        return renewing;
      };

      await renew();
      return {
        renew,
        async release() {
          released = true;
          cancel();
          await renewing;
          await leave(table, of).catch((error) =>
            logger.warn({ ...of, error: reasonOf(error) }, "the shard leases could not be given back"),
          );
        },
      };
    },
  };
};

type LeaseTable = { sql: postgres.Sql; schema: string; owner: string; ttlMs: number };

/** Renews what this process holds and takes what is free, up to its share. `surplus` is beyond it and to be given back. */
const takeShare = ({ sql, schema, owner, ttlMs }: LeaseTable, { group, log, shards }: GroupOnLog & { shards: number }) =>
  sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext(${`${schema}.shard_lease`}), hashtext(${`${group}/${log}`}))`;
    const [member] = await tx<{ members: number }[]>`
      with gone as (
        delete from ${tx(schema)}.lease_member where consumer_group = ${group} and log = ${log} and until < now() and owner <> ${owner}
      ), me as (
        insert into ${tx(schema)}.lease_member (consumer_group, log, owner, until)
        values (${group}, ${log}, ${owner}, now() + ${ttlMs} * interval '1 ms')
        on conflict (consumer_group, log, owner) do update set until = excluded.until
      )
      select 1 + count(*)::integer as members from ${tx(schema)}.lease_member
      where consumer_group = ${group} and log = ${log} and until >= now() and owner <> ${owner}`;
    const share = Math.ceil(shards / (member?.members ?? 1));
    const renewed = await tx<{ shard: number }[]>`
      update ${tx(schema)}.shard_lease set until = now() + ${ttlMs} * interval '1 ms'
      where consumer_group = ${group} and log = ${log} and owner = ${owner} returning shard`;
    const taken = await tx<{ shard: number }[]>`
      insert into ${tx(schema)}.shard_lease as held (consumer_group, log, shard, owner, until)
      select ${group}, ${log}, free, ${owner}, now() + ${ttlMs} * interval '1 ms'
      from generate_series(0, ${shards - 1}::integer) free
      where not exists (
        select from ${tx(schema)}.shard_lease l where l.consumer_group = ${group} and l.log = ${log} and l.shard = free and l.until >= now())
      order by free limit ${Math.max(0, share - renewed.length)}
      on conflict (consumer_group, log, shard) do update set owner = excluded.owner, until = excluded.until
      returning shard`;
    const held = [...renewed, ...taken].map(({ shard }) => shard).sort((left, right) => left - right);
    return { kept: held.slice(0, share), surplus: held.slice(share) };
  });

const giveBack = ({ sql, schema, owner }: LeaseTable, { group, log, shards }: GroupOnLog & { shards: readonly number[] }) =>
  sql`delete from ${sql(schema)}.shard_lease
    where consumer_group = ${group} and log = ${log} and owner = ${owner} and shard = any(${intArray(shards)}::smallint[])`;

const leave = async ({ sql, schema, owner }: LeaseTable, { group, log }: GroupOnLog) => {
  await sql`delete from ${sql(schema)}.shard_lease where consumer_group = ${group} and log = ${log} and owner = ${owner}`;
  await sql`delete from ${sql(schema)}.lease_member where consumer_group = ${group} and log = ${log} and owner = ${owner}`;
};
