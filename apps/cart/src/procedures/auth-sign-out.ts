import { publicProcedure } from "../context.ts";
import { RefreshInput } from "./auth-refresh.ts";

/** Public, since whoever signs out may come with an access token that has run out; the refresh token says whose session it is. */
export const authSignOut = publicProcedure.input(RefreshInput).mutation(async ({ ctx, input }) => {
  await ctx.services.auth.signOut(input);
  return {};
});
