import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { subjectCartTable } from "./migrations/0001-subject-cart.ts";
import { placedAtOfSubjectCart } from "./migrations/0002-placed-at-of-subject-cart.ts";
import { shownSubjectCart } from "./migrations/0003-shown-subject-cart.ts";
import { subjectCartMarks } from "./migrations/0004-subject-cart-marks.ts";

/** For `migrate(sql, { schema, ...subjectCartMigrations })`. */
export const subjectCartMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "subject-cart",
  migrations: [subjectCartTable, placedAtOfSubjectCart, shownSubjectCart, subjectCartMarks],
};
