import * as z from "zod";
import { CatalogListInput } from "../procedures/catalog-list.ts";
import { CatalogBody } from "./replies.ts";
import { restUnwrap } from "./rest-refusal.ts";
import { digits, type Route, route } from "./route.ts";

const list = route(
  {
    method: "get",
    id: "listCatalog",
    path: "/api/catalog",
    access: "public",
    tag: "Catalogue",
    summary: "What is sold",
    query: z.strictObject({ ...CatalogListInput.shape, limit: digits(CatalogListInput.shape.limit.unwrap()).default(24) }),
    answers: { 200: { description: "A page of products", schema: CatalogBody } },
    refusals: [],
  },
  async ({ c, ctx, query }) => c.json(restUnwrap(await ctx.services.catalog.list(query)), 200),
);

export const catalogRoutes: readonly Route[] = [list];
