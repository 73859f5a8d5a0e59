import * as z from "zod";
import { publicProcedure } from "../context.ts";
import { refusalError } from "../refusals.ts";

export const RefreshInput = z.strictObject({ refreshToken: z.string().min(1).max(2048) });

export const authRefresh = publicProcedure.input(RefreshInput).mutation(async ({ ctx, input }) => {
  const result = await ctx.services.auth.refresh(input);
  if (!result.ok) throw refusalError(result.refusal);
  return result.value;
});
