import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { FindSubjects } from "../privacy/find-subjects.ts";
import { privacyScope } from "../privacy/privacy-request.ts";

/** A mutation, since what is looked for would stand in the address of a query, which is logged. */
export const privacyFind = withScope(privacyScope)
  .input(FindSubjects)
  .mutation(({ ctx, input }) => ctx.services.privacy.find(callerOf(ctx), input));
