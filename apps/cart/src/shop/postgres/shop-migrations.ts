import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { shopKept } from "./migrations/0001-shop-kept.ts";

/** For `migrate(sql, { schema, ...shopMigrations })`. */
export const shopMigrations: { component: string; migrations: readonly Migration[] } = { component: "shop", migrations: [shopKept] };
