import { allInOneConfig } from "@cartwright/all-in-one/config";
import { billingProcessConfig } from "@cartwright/billing/config";
import { cartProcessConfig } from "@cartwright/cart/config";
import { fraudProcessConfig } from "@cartwright/fraud/config";
import { notificationProcessConfig } from "@cartwright/notification/config";
import { projectorProcessConfig } from "@cartwright/projector/config";
import { configReference } from "@cartwright/service-kit/config-reference";
import { storefrontProcessConfig } from "@cartwright/storefront/config";
import type * as z from "zod";

export type Configuration = {
  /** The service's folder: `apps/cart`. */
  service: string;
  schema: z.ZodObject;
};

/** Every schema that a `main.ts` reads its environment by, in the order of the document. */
export const configurations: readonly Configuration[] = [
  { service: "apps/all-in-one", schema: allInOneConfig },
  { service: "apps/cart", schema: cartProcessConfig },
  { service: "apps/billing", schema: billingProcessConfig },
  { service: "apps/fraud", schema: fraudProcessConfig },
  { service: "apps/notification", schema: notificationProcessConfig },
  { service: "apps/projector", schema: projectorProcessConfig },
  { service: "apps/storefront", schema: storefrontProcessConfig },
];

/** A table for each service, after one of the variables that mean the same to all of them. */
export const configurationDocs = (all: readonly Configuration[]): string => {
  const tables = all.map(({ service, schema }) => {
    const [names = "", rule = "", ...rows] = configReference(schema).split("\n");
    return { title: `\`${service}\``, head: [names, rule], rows };
  });
  const [first, ...others] = tables;
  const shared = first?.rows.filter((row) => others.length > 0 && others.every(({ rows }) => rows.includes(row))) ?? [];
  const own = tables.map((table) => ({ ...table, rows: table.rows.filter((row) => !shared.includes(row)) }));
  return [{ title: "Every service", head: first?.head ?? [], rows: shared }, ...own]
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, head, rows }) => `**${title}**\n\n${[...head, ...rows].join("\n")}`)
    .join("\n\n");
};
