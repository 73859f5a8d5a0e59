import { ExportOfCheckouts, exportScope } from "@cartwright/contracts/privacy-export";
import { withScope } from "../context.ts";

/**
 * All that their owner was to hear of these checkouts, and the mails that went out, addresses still sealed. A mutation: as many ids are too
 * long for an address.
 */
export const privacyExport = withScope(exportScope)
  .input(ExportOfCheckouts)
  .mutation(({ ctx, input: { checkoutIds } }) => ctx.services.exported(checkoutIds));
