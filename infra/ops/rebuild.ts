import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { projectorSchema as schema } from "@cartwright/projector/open-projector-tables";
import type { ProjectionName } from "@cartwright/projector/projection-versions";
import { redisCartViewVersions, tableCartViewVersions } from "@cartwright/projector/rebuild/cart-view-versions";
import { redisFiguresVersions, tableFiguresVersions } from "@cartwright/projector/rebuild/figures-versions";
import {
  type Comparison,
  compareShown,
  dropOtherVersions,
  type RebuildableProjection,
  type RebuildProgress,
  type Rebuilt,
  rebuildProjection,
  type ShownBefore,
  showVersionBefore,
} from "@cartwright/projector/rebuild/rebuild-projection";
import { tableSubjectCartsVersions } from "@cartwright/projector/rebuild/subject-carts-versions";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import postgres from "postgres";
import type { OpsConfig } from "./config.ts";
import { OpsError } from "./ops-error.ts";
import { runningPostgres } from "./running-postgres.ts";

type LogName = "cart" | "billing" | "fraud";
type Log = Awaited<ReturnType<typeof openPostgresEventLog>>;
type Opened = { readonly sql: postgres.Sql; readonly redis: RedisClient | null; openLog(name: LogName): Promise<Log> };

type Rebuildable = {
  /** As it is called in a sentence, and what it is made of. */
  readonly title: string;
  readonly pieces: string;
  /** Where the configuration has it kept. */
  readonly open: (opened: Opened) => Promise<RebuildableProjection>;
};

const projections: Record<ProjectionName, Rebuildable> = {
  "cart-view": {
    title: "the cart view",
    pieces: "carts",
    async open({ sql, redis, openLog }) {
      const log = await openLog("cart");
      return redis ? redisCartViewVersions({ redis, log }) : tableCartViewVersions({ sql, schema, log });
    },
  },
  "subject-carts": {
    title: "the subjects' carts",
    pieces: "carts",
    open: async ({ sql, openLog }) => tableSubjectCartsVersions({ sql, schema, log: await openLog("cart") }),
  },
  figures: {
    title: "the figures",
    pieces: "figures",
    async open({ sql, redis, openLog }) {
      const logs = { cart: await openLog("cart"), billing: await openLog("billing"), fraud: await openLog("fraud") };
      return redis ? redisFiguresVersions({ sql, schema, redis, logs }) : tableFiguresVersions({ sql, schema, logs });
    },
  },
};

/** The names of what can be rebuilt. */
export const rebuildable = Object.keys(projections) as readonly ProjectionName[];

/** @throws {OpsError} for what can't be. */
export const rebuildableOf = (name: string | undefined): ProjectionName => {
  const found = rebuildable.find((known) => known === name);
  if (!found)
    throw new OpsError(`${name ?? "nothing"} can't be rebuilt; ${rebuildable.slice(0, -1).join(", ")} and ${rebuildable.at(-1)} can`);
  return found;
};

export const rebuildActions = ["back", "drop", "check"] as const;
export type RebuildAction = (typeof rebuildActions)[number];

export type RebuildCommand = {
  readonly name: ProjectionName;
  /**
   * Shows the version before again, ends those that are not shown, or only compares the one that is with the logs; without it, the
   * projection is rebuilt.
   */
  readonly what?: RebuildAction | undefined;
  readonly onProgress: (progress: RebuildProgress) => void;
};

/**
 * Rebuilds a projection of the running system in the store that the configuration names; queries go on.
 *
 * @returns what to tell.
 * @throws {OpsError} when the new version is not what the logs say, nobody feeds it, or there is none to go back to.
 */
export const rebuild = async (config: OpsConfig, { name, what, onProgress }: RebuildCommand): Promise<string> => {
  await using held = await openSystem(config);
  const place = { sql: held.sql, schema, projection: await projections[name].open(held) };
  if (what === "back") return toldOfBack(name, await showVersionBefore(place));
  if (what === "check") return toldOfCheck(name, await compareShown({ ...place, onProgress }));
  if (what === "drop") return toldOfDrop(name, await dropOtherVersions(place));
  return toldOf(name, await rebuildProjection({ ...place, onProgress }));
};

const toldOf = (name: ProjectionName, rebuilt: Rebuilt): string => {
  const { version } = rebuilt;
  const { title, pieces } = projections[name];
  switch (rebuilt.outcome) {
    case "shown":
      return [
        `version ${version} of ${title} is shown: ${rebuilt.comparison.compared} ${pieces}, each as the log has it`,
        `version ${rebuilt.before} stays fed: go back with "bun run ops rebuild ${name} back", end it with "bun run ops rebuild ${name} drop"`,
      ].join("\n");
    case "refused":
      throw new OpsError([`version ${version} is not what the log says, and is not shown:`, ...linesOf(rebuilt.comparison)].join("\n"));
    case "notFed":
      throw notFed(version);
  }
};

const notFed = (version: number) =>
  new OpsError(`no projector feeds version ${version}, or it does not get ahead: is one running, with the same read model configured?`);

const linesOf = ({ differences }: Comparison) => differences.map(({ of, reason }) => `  ${of}: ${reason}`);

const toldOfCheck = (name: ProjectionName, checked: Awaited<ReturnType<typeof compareShown>>): string => {
  const { title, pieces } = projections[name];
  if (checked.outcome === "notFed") throw notFed(checked.version);
  const { version, comparison } = checked;
  if (comparison.differences.length > 0)
    throw new OpsError([`version ${version} of ${title} is shown, and is not what the log says:`, ...linesOf(comparison)].join("\n"));
  return `version ${version} of ${title} is shown: ${comparison.compared} ${pieces}, each as the log has it`;
};

const toldOfBack = (name: ProjectionName, back: ShownBefore): string => {
  const { title } = projections[name];
  if (back.outcome === "none") throw new OpsError(`there is no version of ${title} to go back to`);
  if (back.outcome === "notFed") throw notFed(back.version);
  return `version ${back.version} of ${title} is shown again`;
};

const toldOfDrop = (name: ProjectionName, versions: readonly number[]): string =>
  versions.length === 0 ? `there is one version of ${projections[name].title}, and it is shown` : `dropped: version ${versions.join(", ")}`;

const openSystem = async ({ postgres: configured, dataDir, redis: redisConnection, redisToken: token, redisCa: ca }: OpsConfig) => {
  const connection = configured ?? runningPostgres(dataDir);
  await using opened = new AsyncDisposableStack();
  const sql = postgres({ ...connection, max: 4, connect_timeout: 5, onnotice: () => {} });
  opened.defer(() => sql.end({ timeout: 1 }));
  const redis = redisConnection ? opened.use(openRedis(redisConnection, { token, ca })).redis : null;
  const resources = opened.move();
  return {
    sql,
    redis,
    openLog: async (name: LogName) => resources.use(await openPostgresEventLog({ connection, schema: name, wakeUps: "in-process" })),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
