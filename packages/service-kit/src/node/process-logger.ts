/** What the process modules say, in pino's calling convention: fields first, then the message. Any pino logger is one. */
export type ProcessLogger = Readonly<Record<"debug" | "info" | "warn" | "error", (fields: object, message: string) => void>>;
