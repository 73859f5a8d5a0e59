/** Says what happens, in pino's calling convention: fields first, then the message. Any pino logger is one. */
export type Logger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger whose every line carries `fields` besides its own. */
  child(fields: object): Logger;
};

const silence = () => {};

/** Says nothing. */
export const silentLogger: Logger = { debug: silence, info: silence, warn: silence, error: silence, child: () => silentLogger };
