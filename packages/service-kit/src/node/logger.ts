import pino, { type DestinationStream } from "pino";
import type { Logger } from "../logger.ts";
import { redact, redactText } from "../redact.ts";

export type ProcessLoggerOptions = {
  readonly service: string;
  readonly level: LogLevel;
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
};

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/**
 * A logger that writes one line of JSON each: time as ISO 8601, level, service, message and fields. Secrets and contacts are
 * blanked out, by the names of fields and, wherever they stand in the line, by their form; so are card numbers.
 */
export const jsonLogger = ({ service, level, destination }: ProcessLoggerOptions): Logger =>
  redactingChildren(
    { service },
    pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: { err: (error: unknown) => error },
        formatters: { level: (label) => ({ level: label }), log: redactFields },
        hooks: {
          logMethod([fields, message], write) {
            write.call(this, fields, redact(message) as string);
          },
          streamWrite: redactText,
        },
      },
      // Written at once, so that the last lines of a process that dies are there.
      destination ?? pino.destination({ fd: 1, sync: true }),
    ),
  );

/**
 * pino formats the fields of a line and not those that a child is made with; and of a child's child that names a field anew it writes
 * both, so that every one is made of the first with all that it carries.
 */
const redactingChildren = (carried: object, first: pino.Logger): Logger => {
  const lines = first.child(redactFields(carried));
  return {
    debug: (fields, message) => lines.debug(fields, message),
    info: (fields, message) => lines.info(fields, message),
    warn: (fields, message) => lines.warn(fields, message),
    error: (fields, message) => lines.error(fields, message),
    child: (fields) => redactingChildren({ ...carried, ...fields }, first),
  };
};

const redactFields = (fields: object): Record<string, unknown> => redact(fields) as Record<string, unknown>;
