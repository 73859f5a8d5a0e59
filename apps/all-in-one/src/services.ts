import type { Logger } from "@cartwright/service-kit/logger";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";

/** One service of the process. It listens when `start` answers, and has ended when it is disposed. */
export type Service = {
  readonly name: string;
  start(context: ServiceContext): Promise<AsyncDisposable>;
};

export type ServiceContext = {
  readonly postgres: PostgresConnection;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
};

/** In the order in which they start: a service finds those that it reads from. */
export const services: readonly Service[] = [];
