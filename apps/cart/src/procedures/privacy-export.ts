import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { PrivacyRequest } from "../privacy/privacy-request.ts";
import { unwrap } from "../refusals.ts";

export const privacyExport = authenticated
  .input(PrivacyRequest.prefault({}))
  .query(async ({ ctx, input }) => unwrap(await ctx.services.privacy.export(callerOf(ctx), input)));
