import { until } from "@cartwright/testkit/until";
import type { Sql } from "postgres";

/** One write that carries a checkout on: to which table, and of what. */
export type Step = { readonly table: string; readonly what: string };

/** It was taken for this cart; null where it is about something else. */
export type TakenStep = Step & { readonly cartId: string | null };

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
    create table public.step (number bigserial, "table" text, what text, cart_id text);
    create table public.held_step ("table" text, what text);
    grant all on all tables in schema public to public;
    grant all on all sequences in schema public to public;
    create function public.take_step() returns trigger language plpgsql as $$
    declare
      written jsonb := to_jsonb(new);
      of_what text := concat_ws(' ', written->>'type', written->>'kind', written->>'status', written->>'state');
      name text := tg_table_schema || '.' || tg_table_name;
      -- Each is named after its cart.
      of_whom text := coalesce(written->>'stream_id', written->>'payment_id', written->>'key', written->'metadata'->>'paymentId');
    begin
      insert into public.step ("table", what, cart_id) values (name, of_what, substring(of_whom from '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'));
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
    /** The steps that were taken so far, in their order, each once for a cart. */
    async taken(): Promise<readonly TakenStep[]> {
      return sql<TakenStep[]>`select "table", what, cart_id as "cartId" from public.step group by 1, 2, 3 order by min(number)`;
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

/** Those that were taken for this cart. */
export const stepsFor = (cartId: string, taken: readonly TakenStep[]): readonly Step[] => taken.filter((step) => step.cartId === cartId);

/** Of each of these lists what none before it has. */
export const eachOnce = (lists: readonly (readonly Step[])[]): readonly (readonly Step[])[] => {
  const seen = new Set<string>();
  const isNew = ({ table, what }: Step) => seen.size < seen.add(`${table} ${what}`).size;
  return lists.map((steps) => steps.filter(isNew));
};

/**
 * Of one cart's steps, in their order, those of a service from where its worker has taken an intent that moves something until the outcome
 * is written: not what else is asked for meanwhile, nor what follows from it.
 */
export const betweenIntentAndOutcome = (service: string, steps: readonly Step[]): readonly Step[] => {
  const underWay = new Set<string>();
  return steps.filter(({ table, what }) => {
    if (!table.startsWith(`${service}.`)) return false;
    const [kind = "", state] = what.split(" ");
    const isIntent = table.endsWith(".intent");
    if (isIntent && state === "taken" && !movingNothing.has(kind)) underWay.add(kind);
    if (isIntent && state === "done") underWay.delete(kind);
    return underWay.size > 0 && !/requested$|Requested$| done$/.test(what) && !table.endsWith(".timer");
  });
};

const movingNothing = new Set(["inspect"]);
