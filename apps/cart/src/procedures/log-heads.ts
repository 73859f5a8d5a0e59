import { logHeads as answer, logScope } from "@cartwright/service-kit/log-procedures";
import { withScope } from "../context.ts";

/** Where this service's log ends, for the services that follow it. */
export const logHeads = withScope(logScope).query(({ ctx }) => answer(ctx.services.log));
