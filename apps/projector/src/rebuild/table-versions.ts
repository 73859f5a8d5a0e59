import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import type postgres from "postgres";
import { groupOf, type ProjectionName, type VersionedProjection } from "../projection-versions.ts";
import type { RebuildableProjection } from "./rebuild-projection.ts";
import { removeGroup } from "./remove-group.ts";

/** The cart's. */
export type CartLog = LogReader & Pick<EventLog, "readStream">;

/** `sql` is the schema's owner. */
export type TableVersionsOptions = { readonly sql: postgres.Sql; readonly schema: string; readonly log: CartLog };

type VersionTables = Pick<RebuildableProjection, "compare"> & {
  readonly projection: ProjectionName;
  /** What the table of a version is called. */
  tableOf(version: number): string;
  create(tx: postgres.TransactionSql, schema: string, version: number): Promise<void>;
  show(tx: postgres.TransactionSql, schema: string, shown: { readonly version: number; readonly group: string }): Promise<void>;
};

/** What is kept of carts in tables, of which each version has one. */
export const tableVersions = ({ sql, schema, log }: TableVersionsOptions, tables: VersionTables): RebuildableProjection => {
  const of: VersionedProjection = { projection: tables.projection, store: "postgres" };
  return {
    ...of,
    logs: [log],
    prepare: (tx, version) => tables.create(tx, schema, version),
    async positions(version) {
      const marks = await selectMarks(sql, schema, { group: groupOf({ ...of, version }), log: log.name });
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    compare: tables.compare,
    show: (tx, version) => tables.show(tx, schema, { version, group: groupOf({ ...of, version }) }),
    shown: async () => {},
    remove: (version) =>
      sql.begin(async (tx) => {
        await tx.unsafe(`drop table if exists ${schema}.${tables.tableOf(version)}`);
        await removeGroup(tx, schema, groupOf({ ...of, version }));
      }),
  };
};
