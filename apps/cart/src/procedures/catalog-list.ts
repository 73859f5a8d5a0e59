import { Currency } from "@cartwright/contracts/currency";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import * as z from "zod";
import { catalogSorts } from "../catalog/catalog-table.ts";
import { publicProcedure } from "../context.ts";

export const CatalogListInput = z.strictObject({
  query: z.string().max(200).optional(),
  category: z.string().max(100).optional(),
  sort: z.enum(catalogSorts).default("name"),
  currency: Currency.optional(),
  cursor: z.string().max(2048).optional(),
  limit: z.int().min(1).max(100).default(24),
});

export const catalogList = publicProcedure.input(CatalogListInput.prefault({})).query(async ({ ctx, input }) => {
  const result = await ctx.services.catalog.list(input);
  if (!result.ok) throw requestRefused(result.refusal);
  return result.value;
});
