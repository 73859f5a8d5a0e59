import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { logFeed } from "@cartwright/messaging/log-feed";
import { startProjector } from "@cartwright/projector/compose";
import type { ProjectorConfig } from "@cartwright/projector/config";
import { silentLogger } from "@cartwright/service-kit/logger";
import { callers } from "@cartwright/service-kit/testing/callers";
import type { TestDatabase } from "@cartwright/testkit/test-database";

/** The logs in a database, and the projector that shows them whenever it is started. */
export const projectedLogs = async (db: TestDatabase, config: Partial<ProjectorConfig> = {}) => {
  await using opened = new AsyncDisposableStack();
  const openLog = async (schema: string) => opened.use(await openPostgresEventLog({ connection: db.options, schema }));
  const logs = { cart: await openLog("cart"), billing: await openLog("billing"), fraud: await openLog("fraud") };
  const { verifier } = await callers();
  const held = opened.move();
  return {
    logs,
    project: () =>
      startProjector({
        config: { PROJECTOR_PORT: 0, HOST: "127.0.0.1", ...config },
        postgres: db.options,
        cartLog: logs.cart,
        feeds: {
          billing: Promise.resolve(logFeed({ log: logs.billing, shared: false })),
          fraud: Promise.resolve(logFeed({ log: logs.fraud, shared: false })),
        },
        shared: false,
        verifier,
        logger: silentLogger,
      }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};
