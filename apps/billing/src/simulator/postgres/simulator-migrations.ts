import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { simulatorTables } from "./migrations/0001-simulator.ts";
import { simulatorBooks } from "./migrations/0002-simulator.ts";
import { simulatorTime } from "./migrations/0003-simulator.ts";

/** For `migrate(sql, { schema, ...simulatorMigrations })`. */
export const simulatorMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "payment-simulator",
  migrations: [simulatorTables, simulatorBooks, simulatorTime],
};
