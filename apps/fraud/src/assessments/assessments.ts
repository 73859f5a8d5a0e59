import { assessmentStreamId, type FraudEvent } from "@cartwright/contracts/fraud-events";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { Assessment } from "./assessment.ts";

/** An assessment as it is told. */
export type ShownAssessment = Omit<NonNullable<Assessment>, "assessedAt"> & { readonly assessedAt: Date };

export type Assessments = {
  /** As this moment's log has it; null where there is none. */
  get(checkoutId: CheckoutId): Promise<ShownAssessment | null>;
};

export const assessments = (handler: Pick<CommandHandler<Assessment, FraudEvent>, "load">): Assessments => ({
  async get(checkoutId) {
    const { state } = await handler.load(assessmentStreamId(checkoutId));
    return state && { ...state, assessedAt: new Date(state.assessedAt) };
  },
});
