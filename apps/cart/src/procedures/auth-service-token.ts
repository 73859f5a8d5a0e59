import * as z from "zod";
import { publicProcedure } from "../context.ts";
import { refusalError } from "../refusals.ts";

const input = z.strictObject({ service: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), secret: z.string().min(1).max(1024) });

export const authServiceToken = publicProcedure.input(input).mutation(async ({ ctx, input }) => {
  const result = await ctx.services.auth.serviceToken(input);
  if (!result.ok) throw refusalError(result.refusal);
  return result.value;
});
