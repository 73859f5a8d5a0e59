import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { projectorSchema as schema } from "@cartwright/projector/open-projector-tables";
import {
  dropOtherVersions,
  type RebuildProgress,
  type Rebuilt,
  rebuildCartView,
  showVersionBefore,
} from "@cartwright/projector/rebuild/rebuild-cart-view";
import { redisVersions, tableVersions } from "@cartwright/projector/rebuild/version-store";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import postgres from "postgres";
import type { OpsConfig } from "./config.ts";
import { OpsError } from "./ops-error.ts";
import { runningPostgres } from "./running-postgres.ts";

/**
 * Rebuilds the cart view of the running system in the store that the configuration names; queries go on.
 *
 * @returns what to tell.
 * @throws {OpsError} when the new version is not what the log says, or nobody feeds it.
 */
export const rebuildView = async (config: OpsConfig, onProgress: (progress: RebuildProgress) => void): Promise<string> => {
  await using held = await versionsOf(config);
  const rebuilt = await rebuildCartView({ ...held.versioned, onProgress });
  return toldOf(rebuilt);
};

const toldOf = (rebuilt: Rebuilt): string => {
  switch (rebuilt.outcome) {
    case "shown":
      return [
        `version ${rebuilt.version} of the cart view is shown: ${rebuilt.comparison.carts} carts, each as the log has it`,
        `version ${rebuilt.before} stays fed: go back with "bun run ops rebuild cart-view back", end it with "bun run ops rebuild cart-view drop"`,
      ].join("\n");
    case "refused": {
      const { differences } = rebuilt.comparison;
      const lines = differences.map(({ cartId, reason }) => `  ${cartId}: ${reason}`);
      throw new OpsError([`version ${rebuilt.version} is not what the log says, and is not shown:`, ...lines].join("\n"));
    }
    case "notFed":
      throw new OpsError(`no projector feeds version ${rebuilt.version}: is one running, with the same read model configured?`);
  }
};

/** Shows the version before the one that is shown. */
export const showBefore = async (config: OpsConfig): Promise<string> => {
  await using held = await versionsOf(config);
  const version = await showVersionBefore(held.versioned);
  if (version === null) throw new OpsError("there is no version of the cart view to go back to");
  return `version ${version} of the cart view is shown again`;
};

/** Ends every version that is not shown. */
export const dropOthers = async (config: OpsConfig): Promise<string> => {
  await using held = await versionsOf(config);
  const versions = await dropOtherVersions(held.versioned);
  return versions.length === 0 ? "there is one version of the cart view, and it is shown" : `dropped: version ${versions.join(", ")}`;
};

const versionsOf = async ({ postgres: configured, dataDir, redis: redisConnection, redisToken: token }: OpsConfig) => {
  const connection = configured ?? runningPostgres(dataDir);
  await using opened = new AsyncDisposableStack();
  const sql = postgres({ ...connection, max: 4, connect_timeout: 5, onnotice: () => {} });
  opened.defer(() => sql.end({ timeout: 1 }));
  const log = opened.use(await openPostgresEventLog({ connection, schema: "cart", wakeUps: "in-process" }));
  const redis = redisConnection && opened.use(openRedis(redisConnection, { token })).redis;
  const versions = redis ? redisVersions({ redis, shards: log.shards }) : tableVersions({ sql, schema, log });
  const resources = opened.move();
  return { versioned: { sql, schema, versions, log }, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
