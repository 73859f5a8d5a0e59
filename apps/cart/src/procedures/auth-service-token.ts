import * as z from "zod";
import { publicProcedure } from "../context.ts";
import { unwrap } from "../refusals.ts";

const input = z.strictObject({ service: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), secret: z.string().min(1).max(1024) });

export const authServiceToken = publicProcedure
  .input(input)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.auth.serviceToken(input)));
