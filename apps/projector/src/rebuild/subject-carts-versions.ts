import { createSubjectCartTable, showSubjectCartTable, subjectCartTableOf } from "@cartwright/read-model/postgres/subject-cart-tables";
import { compareSubjectCarts, subjectCartsSnapshot } from "./compare-subject-carts.ts";
import type { RebuildableProjection } from "./rebuild-projection.ts";
import { type TableVersionsOptions, tableVersions } from "./table-versions.ts";

/** The index of subjects' carts, which is in tables wherever the views are. */
export const tableSubjectCartsVersions = (options: TableVersionsOptions): RebuildableProjection => {
  const { sql, schema, log } = options;
  return tableVersions(options, {
    projection: "subject-carts",
    tableOf: subjectCartTableOf,
    create: createSubjectCartTable,
    show: showSubjectCartTable,
    compare: (version, onProgress = () => {}) =>
      compareSubjectCarts({ log, snapshot: subjectCartsSnapshot({ sql, schema, log: log.name, version }), onProgress }),
  });
};
