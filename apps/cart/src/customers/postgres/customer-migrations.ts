import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { couponCustomerTable } from "./migrations/0001-coupon-customer.ts";

/** For `migrate(sql, { schema, ...customerMigrations })`, once the keys of persons have their table. */
export const customerMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "customers",
  migrations: [couponCustomerTable],
};
