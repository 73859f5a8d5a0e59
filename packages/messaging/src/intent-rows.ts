import type { JsonObject } from "@cartwright/event-log/event-log";
import { textArray } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";

export type IntentRow = {
  id: string;
  kind: string;
  streamId: string;
  payload: JsonObject;
  metadata: JsonObject;
  attempt: number;
  failures: number;
  faults: number;
  leasedUntil: Date;
  /** Nobody has tried it yet, or surely nothing came of it, and no log was restored lately. Otherwise the outside has to be asked. */
  isFresh: boolean;
};

type Row = {
  id: string;
  kind: string;
  stream_id: string;
  payload: JsonObject;
  metadata: JsonObject;
  attempts: number;
  failures: number;
  faults: number;
  state: string;
  was_restored: boolean;
};

type PutOff = { state: "requested" | "unknown"; nextAt: Date; error: string; isFailure: boolean; isFault: boolean };

/** Nobody knows what was done in the time that a restore has lost, and it is asked for again as late as its streams go on. */
const LOOKED_FIRST = "90 days";

export type IntentRows = ReturnType<typeof intentRows>;

/** The table of intents and the gate before it, as one worker sees them. */
export const intentRows = (sql: postgres.Sql, schema: string, { epoch, kinds }: { epoch: string; kinds: readonly string[] }) => {
  // A process that opened the log before it was restored knows nothing of that, and does nothing more.
  const isOpen = (parameter: string) =>
    `exists (select from ${schema}.effects_gate gate join ${schema}.log on log.epoch::text = gate.epoch where gate.epoch = ${parameter} and not gate.held)`;
  return {
    /** A new service's gate is open; an existing one stays as it is. */
    async openGate(): Promise<void> {
      await sql.unsafe(
        `insert into ${schema}.effects_gate (epoch, held, reason, changed_by) values ($1, false, 'new', 'the service') on conflict do nothing`,
        [epoch],
      );
    },

    async take({ now, until, limit }: { now: Date; until: Date; limit: number }): Promise<readonly IntentRow[]> {
      // 'taken' whose lease has run out: somebody may have called and died before it could say so.
      const rows = await sql.unsafe<Row[]>(
        `update ${schema}.intent i set next_at = $2, attempts = attempts + 1, state = case i.state when 'requested' then 'taken' else 'unknown' end
       from (
         select id, state from ${schema}.intent
         where state <> 'done' and next_at <= $1 and kind = any($3::text[])
           and ${isOpen("$4")}
         order by next_at limit $5 for update skip locked
       ) due
       where i.id = due.id returning i.id, i.kind, i.stream_id, i.payload, i.metadata, i.attempts, i.failures, i.faults, due.state,
         exists (select from ${schema}.effects_gate where restored_at > now() - interval '${LOOKED_FIRST}') as was_restored`,
        [now, until, textArray(kinds), epoch, limit],
        { prepare: true },
      );
      return rows.map(({ stream_id: streamId, attempts: attempt, state, was_restored: wasRestored, ...row }) => ({
        ...row,
        streamId,
        attempt,
        leasedUntil: until,
        isFresh: state === "requested" && !wasRestored,
      }));
    },

    async done(id: string, now: Date): Promise<void> {
      await sql.unsafe(`update ${schema}.intent set state = 'done', done_at = $2, last_error = null where id = $1`, [id, now], {
        prepare: true,
      });
    },

    /** Unless another worker has taken it since. */
    async putOff({ id, attempt, ...row }: IntentRow, next: PutOff): Promise<void> {
      const failures = row.failures + (next.isFailure ? 1 : 0);
      const faults = row.faults + (next.isFault ? 1 : 0);
      await sql.unsafe(
        `update ${schema}.intent set state = $3, next_at = $4, last_error = $5, failures = $6, faults = $7
         where id = $1 and attempts = $2 and state <> 'done'`,
        [id, attempt, next.state, next.nextAt, next.error, failures, faults],
        { prepare: true },
      );
    },

    async next(): Promise<{ nextAt: Date | null; waiting: number; isHeld: boolean }> {
      const [row] = await sql.unsafe<{ next_at: Date | null; waiting: number; is_open: boolean }[]>(
        `select (select next_at from ${schema}.intent where state <> 'done' and kind = any($1::text[]) and ${isOpen("$2")} order by next_at limit 1) as next_at,
         (select count(*)::integer from ${schema}.intent where state <> 'done') as waiting, ${isOpen("$2")} as is_open`,
        [textArray(kinds), epoch],
        { prepare: true },
      );
      return { nextAt: row?.next_at ?? null, waiting: row?.waiting ?? 0, isHeld: row?.is_open === false };
    },
  };
};
