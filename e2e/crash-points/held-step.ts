import { until } from "@cartwright/testkit/until";
import type { Sql } from "postgres";

/** One write that carries a checkout on: to which table, and of what. */
export type Step = { readonly table: string; readonly what: string };

/**
 * What a service does about a checkout is written to one of these, and nothing is done that is not. A deadline of the cart's is not among
 * them: where a checkout is over before it is looked at, none is set.
 */
const tables = [
  ...["cart.event", "billing.event", "fraud.event", "notification.event"],
  ...["billing.intent", "billing.timer", "billing.provider_event", "notification.intent", "notification.mail"],
  ...["billing.simulated_intent", "billing.simulated_refund", "billing.simulated_dispute"],
];
const lock = 4_711;

/** Notes all steps that are taken on a database, and holds one back while it is asked to. */
export const stepsOf = async (sql: Sql) => {
  const found = await sql<{ name: string }[]>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema || '.' || table_name in ${sql(tables)}`;
  await sql.unsafe(`
    create table public.step (number bigserial, "table" text, what text);
    create table public.held_step ("table" text, what text);
    grant all on all tables in schema public to public;
    grant all on all sequences in schema public to public;
    create function public.take_step() returns trigger language plpgsql as $$
    declare
      written jsonb := to_jsonb(new);
      of_what text := concat_ws(' ', written->>'type', written->>'kind', written->>'status', written->>'state');
      name text := tg_table_schema || '.' || tg_table_name;
    begin
      insert into public.step ("table", what) values (name, of_what);
      if exists (select from public.held_step h where h."table" = name and h.what = of_what) then
        perform pg_advisory_xact_lock(${lock});
      end if;
      return new;
    end $$;
    ${found.map(({ name }) => `create trigger take_step before insert or update on ${name} for each row execute function public.take_step();`).join("\n")}`);
  const holder = await sql.reserve();

  /** Sessions whose write waits, and what they call themselves. */
  const held = () => sql<{ pid: number; name: string }[]>`
    select pid, application_name as name from pg_locks join pg_database on oid = database join pg_stat_activity using (pid)
    where locktype = 'advisory' and objid = ${lock} and not granted and pg_database.datname = current_database()`;
  return {
    /** The steps that were taken so far, in their order, each once. */
    async taken(): Promise<readonly Step[]> {
      return sql<Step[]>`select "table", what from public.step group by 1, 2 order by min(number)`;
    },
    /** From now on the step waits. */
    async hold({ table, what }: Step): Promise<void> {
      await holder`select pg_advisory_lock(${lock})`;
      await sql`insert into public.held_step values (${table}, ${what})`;
    },
    /** Resolves when a service is in the middle of it, with the name of its session. */
    untilHeld: async ({ table, what }: Step, timeoutMs: number): Promise<string> =>
      (await until(async () => (await held())[0], { timeoutMs, what: `the step ${table} ${what}` })).name,
    /** What waits is written after all, whoever is there to be told, or never. */
    async letGo({ isWritten }: { isWritten: boolean }): Promise<void> {
      await sql`delete from public.held_step`;
      if (!isWritten) for (const { pid } of await held()) await sql`select pg_terminate_backend(${pid})`;
      await until(async () => isWritten || (await held()).length === 0, { what: "the end of the write" });
      await holder`select pg_advisory_unlock(${lock})`;
    },
    [Symbol.dispose]: () => holder.release(),
  };
};

export type Steps = Awaited<ReturnType<typeof stepsOf>>;

/** Of these steps, in their order, those from where a worker has taken an intent until it is done. */
export const betweenIntentAndOutcome = (steps: readonly Step[]): readonly Step[] => {
  const underWay = new Set<string>();
  return steps.filter(({ table, what }) => {
    const [kind = "", state] = what.split(" ");
    if (table.endsWith(".intent") && state === "taken") underWay.add(kind);
    const isBetween = underWay.size > 0;
    if (table.endsWith(".intent") && state === "done") underWay.delete(kind);
    return isBetween;
  });
};
