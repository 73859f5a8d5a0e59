import { assessmentStreamId, type FraudEvent, fraudEvents } from "@cartwright/contracts/fraud-events";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { ExportedStream } from "@cartwright/contracts/privacy-export";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { exportedStreams } from "@cartwright/event-log/exported-streams";
import type { Assessment } from "./assessment.ts";

/** An assessment as it is told. */
export type ShownAssessment = Omit<NonNullable<Assessment>, "assessedAt"> & { readonly assessedAt: Date };

export type Assessments = {
  /** As this moment's log has it; null where there is none. */
  get(checkoutId: CheckoutId): Promise<ShownAssessment | null>;
  /** Everything that was ever found out about these checkouts. */
  exported(checkoutIds: readonly CheckoutId[]): Promise<readonly ExportedStream[]>;
};

export type AssessmentsDeps = {
  readonly handler: Pick<CommandHandler<Assessment, FraudEvent>, "load">;
  readonly log: Pick<EventLog, "readStream">;
};

export const assessments = ({ handler, log }: AssessmentsDeps): Assessments => ({
  async get(checkoutId) {
    const { state } = await handler.load(assessmentStreamId(checkoutId));
    return state && { ...state, assessedAt: new Date(state.assessedAt) };
  },
  exported: (checkoutIds) => exportedStreams({ log, decode: fraudEvents.decode }, checkoutIds.map(assessmentStreamId)),
});
