import type { Logger } from "./logger.ts";

/** What every handler of a service finds in Hono's context. */
export type ServiceEnv = {
  Variables: {
    correlationId: string;
    /** Its lines carry the correlation id. */
    logger: Logger;
    /** The other end of the connection, where the runtime says it. */
    remoteAddress?: string | undefined;
    /** The header of the request itself, which the params of a connection do not stand for. */
    forwardedFor?: string | undefined;
  };
};
