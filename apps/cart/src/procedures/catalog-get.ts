import { ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { publicProcedure } from "../context.ts";
import { refusalError } from "../refusals.ts";

export const CatalogGetInput = z.strictObject({ productId: ProductId });

/** Also a product that is no longer sold, since carts and links still name it: `status` says so. */
export const catalogGet = publicProcedure.input(CatalogGetInput).query(async ({ ctx, input: { productId } }) => {
  const entry = (await ctx.services.catalog.products([productId])).get(productId);
  if (!entry || entry.listing.status === "absent") throw refusalError({ code: "ProductNotFound", productId });
  const { status, product, listedAt } = entry.listing;
  return { productId, version: entry.version, status, listedAt: new Date(listedAt), ...product };
});
