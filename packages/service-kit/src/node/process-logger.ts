import type { Logger } from "../logger.ts";

/** What the modules of a process's life need of a logger. */
export type ProcessLogger = Omit<Logger, "child">;
