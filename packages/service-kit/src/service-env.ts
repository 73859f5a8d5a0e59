import type { Logger } from "./logger.ts";

/** What every handler of a service finds in Hono's context. */
export type ServiceEnv = {
  Variables: {
    correlationId: string;
    /** Its lines carry the correlation id. */
    logger: Logger;
  };
};
