import type { PostgresConnection } from "@cartwright/service-kit/node/embedded-postgres";
import type { ProcessLogger } from "@cartwright/service-kit/node/process-logger";
import type { Config } from "./config.ts";

/** One service of the process. It listens when `start` answers, and has ended when it is disposed. */
export type Service = {
  readonly name: string;
  start(context: ServiceContext): Promise<AsyncDisposable>;
};

export type ServiceContext = {
  readonly postgres: PostgresConnection | string;
  readonly config: Config;
  readonly logger: ProcessLogger;
};

/** In the order in which they start: a service finds those that it reads from. */
export const services: readonly Service[] = [];
