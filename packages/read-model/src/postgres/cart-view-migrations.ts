import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { cartViewTable } from "./migrations/0001-cart-view.ts";
import { shownCartView } from "./migrations/0002-shown-cart-view.ts";
import { placedAtOfCartView } from "./migrations/0003-placed-at.ts";
import { shownCartGroup } from "./migrations/0004-shown-cart-group.ts";

/** For `migrate(sql, { schema, ...cartViewMigrations })`. */
export const cartViewMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "cart-view",
  migrations: [cartViewTable, shownCartView, placedAtOfCartView, shownCartGroup],
};
