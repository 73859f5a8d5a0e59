import { LogRead, logScope, readLog } from "@cartwright/service-kit/log-procedures";
import { withScope } from "../context.ts";

/** Events of this service's log, for the services that follow it. */
export const logRead = withScope(logScope)
  .input(LogRead)
  .query(({ ctx, input }) => readLog(ctx.services.log, input));
