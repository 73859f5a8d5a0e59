import * as z from "zod";
import { publicProcedure } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const RefreshInput = z.strictObject({ refreshToken: z.string().min(1).max(2048) });

export const authRefresh = publicProcedure
  .input(RefreshInput)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.auth.refresh(input)));
