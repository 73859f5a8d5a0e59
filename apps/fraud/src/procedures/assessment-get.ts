import { CheckoutId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { withScope } from "../context.ts";
import { refusalError } from "../refusals.ts";

const AssessmentGet = z.strictObject({ checkoutId: CheckoutId });

/** What was found out about a checkout, and of what. */
export const assessmentGet = withScope("fraud:read")
  .input(AssessmentGet)
  .query(async ({ ctx, input: { checkoutId } }) => {
    const assessment = await ctx.services.assessments.get(checkoutId);
    if (!assessment) throw refusalError({ code: "AssessmentNotFound", checkoutId });
    return assessment;
  });
