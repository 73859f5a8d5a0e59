import type postgres from "postgres";
import { literal } from "./literal.ts";
import { repeatGrants } from "./repeat-grants.ts";
import { IDLE_IN_TRANSACTION_MS } from "./service-connection.ts";

export type Migration = { number: number; name: string; sql: (schema: string) => string };

/** Stored migrations are for ever: one that was run and reads differently now is an error of the build. */
export class MigrationChanged extends Error {
  override readonly name = "MigrationChanged";
  readonly retryable = false;
}

/**
 * Brings a component's tables in `schema` up to date, once, however many processes start together. Also makes the role
 * `<schema>_service`; migrations grant what the service may do, and no more, by `select <schema>.allow('privileges', '<schema>.table');`, which is repeated at
 * each start where the role does not have them.
 */
export const migrate = async (
  sql: postgres.Sql,
  { schema, component, migrations }: { schema: string; component: string; migrations: readonly Migration[] },
): Promise<void> => {
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) throw new TypeError(`not a schema's name: ${schema}`);
  await sql.begin(async (tx) => {
    // One lock for the whole database: roles and schemas are shared by all components. A process that stands still does not keep it:
    // whatever is said under it is one message, without parameters, so that the server knows it as idle before and after.
    await tx.unsafe(`set local idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS}`);
    await tx.unsafe("select pg_advisory_xact_lock(hashtext('cartwright migrations'))");
    await tx.unsafe(`set local client_min_messages = warning; ${bookkeeping(schema)}`);
    const done = await tx.unsafe<{ number: number; digest: string }[]>(
      `select number, digest from ${schema}.migration where component = ${literal(component)}`,
    );
    const digests = new Map(done.map((row) => [row.number, row.digest]));
    const ranBefore: string[] = [];
    for (const migration of migrations) {
      const text = migration.sql(schema);
      const digest = await sha256(text);
      const before = digests.get(migration.number);
      if (before === digest) {
        ranBefore.push(text);
        continue;
      }
      if (before !== undefined)
        throw new MigrationChanged(`${schema}: migration ${component}/${migration.number} ${migration.name} was changed after it ran`);
      await tx.unsafe(text);
      await tx.unsafe(`
        insert into ${schema}.migration (component, number, name, digest)
        values (${literal(component)}, ${migration.number}, ${literal(migration.name)}, ${literal(digest)})`);
    }
    await repeatGrants(tx, schema, ranBefore);
  });
};

const bookkeeping = (schema: string) => `
  create schema if not exists ${schema};
  do $$
  begin
    if not exists (select from pg_roles where rolname = '${schema}_service') then
      create role ${schema}_service nologin;
    end if;
    if not pg_has_role(current_user, '${schema}_service', 'member') then
      grant ${schema}_service to current_user;
    end if;
  exception when insufficient_privilege or duplicate_object or unique_violation then
    -- A managed database may keep roles for itself, and roles are shared with other databases of the server.
    raise notice 'role ${schema}_service was not made: %', sqlerrm;
  end $$;
  create or replace function ${schema}.allow(privileges text, object text) returns void language plpgsql as $$
  begin
    if exists (select from pg_roles where rolname = '${schema}_service') then
      execute format('grant %s on %s to ${schema}_service', privileges, object);
    end if;
  end $$;
  select ${schema}.allow('usage', 'schema ${schema}');
  create table if not exists ${schema}.migration (
    component text not null,
    number integer not null,
    name text not null,
    digest text not null,
    applied_at timestamptz not null default now(),
    primary key (component, number)
  );`;

const sha256 = async (text: string) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
