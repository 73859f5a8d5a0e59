import type { Logger } from "./logger.ts";

/**
 * A logger whose lines carry the correlation id. It costs nothing until a line is written, where a child of pino's costs
 * microseconds for each request, most of which write none.
 */
export const requestLogger = (logger: Logger, correlationId: string): Logger => ({
  debug: (fields, message) => logger.debug({ correlationId, ...fields }, message),
  info: (fields, message) => logger.info({ correlationId, ...fields }, message),
  warn: (fields, message) => logger.warn({ correlationId, ...fields }, message),
  error: (fields, message) => logger.error({ correlationId, ...fields }, message),
  child: (fields) => requestLogger(logger.child(fields), correlationId),
});
