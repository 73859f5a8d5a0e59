import { ExportOfCheckouts, exportScope } from "@cartwright/contracts/privacy-export";
import { withScope } from "../context.ts";

/** All that was found out about these checkouts, for the person whose they are. A mutation: as many ids are too long for an address. */
export const privacyExport = withScope(exportScope)
  .input(ExportOfCheckouts)
  .mutation(async ({ ctx, input: { checkoutIds } }) => ({ streams: await ctx.services.assessments.exported(checkoutIds) }));
