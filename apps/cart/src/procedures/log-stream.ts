import { logScope, readStream, StreamRead } from "@cartwright/service-kit/log-procedures";
import { withScope } from "../context.ts";

/** One stream of this service's log, for a service that has missed some of it. */
export const logStream = withScope(logScope)
  .input(StreamRead)
  .query(({ ctx, input }) => readStream(ctx.services.log, input));
