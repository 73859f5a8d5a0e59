import type { Migration } from "@cartwright/event-log/postgres/migrate";
import type postgres from "postgres";
import { projectionVersionTable } from "./migrations/0001-projection-version.ts";
import { refusedAndDropped } from "./migrations/0002-refused-and-dropped.ts";
import { subjectCartsVersion } from "./migrations/0003-subject-carts-version.ts";

/** For `migrate(sql, { schema, ...projectorMigrations })`. */
export const projectorMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "projector",
  migrations: [projectionVersionTable, refusedAndDropped, subjectCartsVersion],
};

/** What can be fed in several versions. */
export type ProjectionName = "cart-view" | "subject-carts" | "figures";
export type ViewStore = "postgres" | "redis";

/** A projection in one store, where it has versions of its own. */
export type VersionedProjection = { readonly projection: ProjectionName; readonly store: ViewStore };
export type VersionRef = VersionedProjection & { readonly version: number };

export type FedVersions = {
  /** Those that are fed in a store, the oldest first. */
  readonly versions: readonly number[];
  /** The one of them that is shown. */
  readonly shown: number;
  /** Those of them that are known to be wrong. */
  readonly refused: readonly number[];
  /** Those that are fed no more, and of which something may be left. */
  readonly dropped: readonly number[];
};

type Client = postgres.Sql | postgres.TransactionSql;

/** The versions of a projection; the first one comes into being when it is asked for. */
export const fedVersions = async (sql: Client, schema: string, { projection, store }: VersionedProjection): Promise<FedVersions> => {
  const read = () => sql<{ version: number; is_shown: boolean; is_refused: boolean; is_dropped: boolean }[]>`
    select version, is_shown, refused_at is not null as is_refused, dropped_at is not null as is_dropped from ${sql(`${schema}.projection_version`)} where projection = ${projection} and store = ${store} order by version`;
  let rows = await read();
  if (rows.length === 0) {
    await sql`
      insert into ${sql(`${schema}.projection_version`)} (projection, store, version, is_shown) values (${projection}, ${store}, 1, true)
      on conflict do nothing`;
    rows = await read();
  }
  const fed = rows.filter((row) => !row.is_dropped);
  const versionsOf = (some: readonly { readonly version: number }[]) => some.map(({ version }) => version);
  return {
    versions: versionsOf(fed),
    shown: rows.find((row) => row.is_shown)?.version ?? 1,
    refused: versionsOf(fed.filter((row) => row.is_refused)),
    dropped: versionsOf(rows.filter((row) => row.is_dropped)),
  };
};

/** Has another version fed. As the schema's owner. */
export const addVersion = async (sql: Client, schema: string, { projection, store, version }: VersionRef): Promise<void> => {
  await sql`
    insert into ${sql(`${schema}.projection_version`)} (projection, store, version, is_shown) values (${projection}, ${store}, ${version}, false)
    on conflict do nothing`;
};

/**
 * Says which version is shown. In a transaction, as the schema's owner.
 * @returns false where it is fed no more: somebody else has dropped it meanwhile, and nothing is changed.
 */
export const showVersion = async (tx: postgres.TransactionSql, schema: string, of: VersionRef): Promise<boolean> => {
  const { projection, store, version } = of;
  const table = tx(`${schema}.projection_version`);
  // All of them in one order, so that two who show and drop at once do it one after the other.
  const fed = await tx<{ version: number; is_dropped: boolean }[]>`
    select version, dropped_at is not null as is_dropped from ${table}
    where projection = ${projection} and store = ${store} order by version for update`;
  if (!fed.some((row) => row.version === version && !row.is_dropped)) return false;
  await tx`update ${table} set is_shown = false where projection = ${projection} and store = ${store} and is_shown`;
  await tx`update ${table} set is_shown = true where projection = ${projection} and store = ${store} and version = ${version}`;
  return true;
};

/** Remembers that a version is not what the logs say. As the schema's owner. */
export const refuseVersion = async (sql: Client, schema: string, { projection, store, version }: VersionRef): Promise<void> => {
  await sql`
    update ${sql(`${schema}.projection_version`)} set refused_at = now()
    where projection = ${projection} and store = ${store} and version = ${version}`;
};

/** Has a version no longer fed, unless it is shown by now. As the schema's owner. */
export const dropVersion = async (sql: Client, schema: string, { projection, store, version }: VersionRef): Promise<void> => {
  await sql`
    update ${sql(`${schema}.projection_version`)} set dropped_at = now()
    where projection = ${projection} and store = ${store} and version = ${version} and not is_shown`;
};

/** Forgets a version of which nothing is left. As the schema's owner. */
export const removeVersion = async (sql: Client, schema: string, { projection, store, version }: VersionRef): Promise<void> => {
  await sql`
    delete from ${sql(`${schema}.projection_version`)}
    where projection = ${projection} and store = ${store} and version = ${version} and not is_shown`;
};

/** Each version has progress of its own. */
export const groupOf = ({ projection, store, version }: VersionRef): string =>
  `projector.${projection}${store === "redis" ? ".redis" : ""}${version === 1 ? "" : `.${version}`}`;
