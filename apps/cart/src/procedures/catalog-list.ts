import { Currency } from "@cartwright/contracts/currency";
import * as z from "zod";
import { catalogSorts } from "../catalog/catalog-table.ts";
import { publicProcedure } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const CatalogListInput = z.strictObject({
  query: z.string().max(200).optional(),
  category: z.string().max(100).optional(),
  sort: z.enum(catalogSorts).default("name"),
  currency: Currency.optional(),
  cursor: z.string().max(2048).optional(),
  limit: z.int().min(1).max(100).default(24),
});

export const catalogList = publicProcedure
  .input(CatalogListInput.prefault({}))
  .query(async ({ ctx, input }) => unwrap(await ctx.services.catalog.list(input)));
