import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { PrivacyRequest } from "../privacy/privacy-request.ts";
import { unwrap } from "../refusals.ts";

export const privacyForget = authenticated
  .input(PrivacyRequest.prefault({}))
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.privacy.forget(callerOf(ctx), input)));
