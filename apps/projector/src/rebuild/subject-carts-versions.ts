import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { createSubjectCartTable, showSubjectCartTable, subjectCartTableOf } from "@cartwright/read-model/postgres/subject-cart-tables";
import { groupOf } from "../projection-versions.ts";
import { subjectCartsVersions as of } from "../subject-carts/subject-carts-projection.ts";
import type { TableCartViewVersionsOptions } from "./cart-view-versions.ts";
import { compareSubjectCarts, subjectCartsSnapshot } from "./compare-subject-carts.ts";
import type { RebuildableProjection } from "./rebuild-projection.ts";
import { removeGroup } from "./remove-group.ts";

/** The index of subjects' carts, which is in tables wherever the views are. `sql` is the schema's owner. */
export const tableSubjectCartsVersions = ({ sql, schema, log }: TableCartViewVersionsOptions): RebuildableProjection => ({
  ...of,
  logs: [log],
  prepare: (tx, version) => createSubjectCartTable(tx, schema, version),
  async positions(version) {
    const marks = await selectMarks(sql, schema, { group: groupOf({ ...of, version }), log: log.name });
    return new Map([...marks].map(([shard, { position }]) => [shard, position]));
  },
  compare: (version, onProgress = () => {}) =>
    compareSubjectCarts({ log, snapshot: subjectCartsSnapshot({ sql, schema, log: log.name, version }), onProgress }),
  show: (tx, version) => showSubjectCartTable(tx, schema, { version, group: groupOf({ ...of, version }) }),
  shown: async () => {},
  remove: (version) =>
    sql.begin(async (tx) => {
      await tx.unsafe(`drop table if exists ${schema}.${subjectCartTableOf(version)}`);
      await removeGroup(tx, schema, groupOf({ ...of, version }));
    }),
});
