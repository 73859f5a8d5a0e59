import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { billingBooks } from "./migrations/0001-books.ts";
import { paymentConditions } from "./migrations/0002-payment-conditions.ts";

/** For `migrate(sql, { schema, ...billingMigrations })`. */
export const billingMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "billing",
  migrations: [billingBooks, paymentConditions],
};
