import { withScope } from "../context.ts";
import { OpenValues, openScope } from "../privacy/open-values.ts";

/** For the services that reach persons or tell them apart. A mutation: as many values are too long for an address. */
export const privacyOpen = withScope(openScope)
  .input(OpenValues)
  .mutation(async ({ ctx, input }) => ({ values: await ctx.services.privacy.open(input.values) }));
