import type { Logger } from "./logger.ts";
import { redact, redactText } from "./redact.ts";

/**
 * Writes lines of JSON, without secrets, contacts and card numbers, to the console, for runtimes that have nothing else to write to. What is there to
 * debug is left out: it would be several lines a request, and such runtimes keep each.
 */
export const consoleLogger = (fields: object, to: Pick<Console, Level> = console): Logger => {
  const write = (level: Level, own: object, msg: string) => {
    const line = { level, time: new Date().toISOString(), ...fieldsOf(fields), ...fieldsOf(own), msg: redact(msg) };
    to[level](redactText(JSON.stringify(line)));
  };
  return {
    debug: () => {},
    info: (own, msg) => write("info", own, msg),
    warn: (own, msg) => write("warn", own, msg),
    error: (own, msg) => write("error", own, msg),
    child: (own) => consoleLogger({ ...fields, ...own }, to),
  };
};

type Level = "info" | "warn" | "error";

/** As pino has it: an error alone is the field `err`. */
const fieldsOf = (fields: object): object => redact(fields instanceof Error ? { err: fields } : fields) as object;
