import { projectorSchema as schema } from "@cartwright/projector/open-projector-tables";
import type { ProjectionName, ViewStore } from "@cartwright/projector/projection-versions";
import { redisCartViewVersions, tableCartViewVersions } from "@cartwright/projector/rebuild/cart-view-versions";
import { redisFiguresVersions, tableFiguresVersions } from "@cartwright/projector/rebuild/figures-versions";
import {
  beginAnew,
  type Comparison,
  compareShown,
  dropOtherVersions,
  type RebuildableProjection,
  type RebuildOptions,
  type RebuildProgress,
  type Rebuilt,
  rebuildProjection,
  type ShownBefore,
  showVersionBefore,
} from "@cartwright/projector/rebuild/rebuild-projection";
import { tableSubjectCartsVersions } from "@cartwright/projector/rebuild/subject-carts-versions";
import type { OpsConfig } from "./config.ts";
import { type OpenedSystem, openSystem } from "./open-system.ts";
import { OpsError } from "./ops-error.ts";

type Rebuildable = {
  /** As it is called in a sentence, and what it is made of. */
  readonly title: string;
  readonly pieces: string;
  /** Wherever the configuration has it kept, each rebuilt for itself. */
  readonly open: (opened: OpenedSystem) => Promise<readonly RebuildableProjection[]>;
};

const projections: Record<ProjectionName, Rebuildable> = {
  "cart-view": {
    title: "the cart view",
    pieces: "carts",
    async open({ sql, redis, openLog }) {
      const log = await openLog("cart");
      return [redis ? redisCartViewVersions({ redis, log }) : tableCartViewVersions({ sql, schema, log })];
    },
  },
  "subject-carts": {
    title: "the subjects' carts",
    pieces: "carts",
    open: async ({ sql, openLog }) => [tableSubjectCartsVersions({ sql, schema, log: await openLog("cart") })],
  },
  figures: {
    title: "the figures",
    pieces: "figures",
    async open({ sql, redis, openLog }) {
      const logs = { cart: await openLog("cart"), billing: await openLog("billing"), fraud: await openLog("fraud") };
      const inTables = tableFiguresVersions({ sql, schema, logs });
      return redis ? [redisFiguresVersions({ sql, schema, redis, logs }), inTables] : [inTables];
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
 * Rebuilds a projection of the running system in the stores that the configuration names; queries go on.
 *
 * @returns what to tell of each store, as soon as it is done there.
 * @throws {OpsError} when the new version is not what the logs say, nobody feeds it, or there is none to go back to.
 */
export async function* rebuild(config: OpsConfig, { name, what, onProgress }: RebuildCommand): AsyncGenerator<string, void> {
  await using held = await openSystem(config);
  const opened = await projections[name].open(held);
  for (const projection of opened) {
    const { title, pieces } = projections[name];
    const subject = { name, pieces, title: opened.length > 1 ? `${title} in ${stores[projection.store]}` : title };
    yield await rebuildIn({ sql: held.sql, schema, projection, onProgress }, subject, what);
  }
}

/** Has the figures in these stores counted from the beginning of the logs; what they have come to is shown meanwhile. */
export const countAnew = async (system: OpenedSystem, stores: ReadonlySet<ViewStore>): Promise<void> => {
  if (stores.size === 0) return;
  const { sql } = system;
  for (const projection of await projections.figures.open(system)) {
    if (!stores.has(projection.store)) continue;
    await beginAnew({ sql, schema, projection });
    await dropOtherVersions({ sql, schema, projection });
  }
};

const stores = { redis: "Redis", postgres: "PostgreSQL" };

/** What is told of a projection in one store. */
type Subject = Pick<Rebuildable, "title" | "pieces"> & Pick<RebuildCommand, "name">;

const rebuildIn = async (options: RebuildOptions, subject: Subject, what: RebuildAction | undefined): Promise<string> => {
  switch (what) {
    case "back":
      return toldOfBack(subject, await showVersionBefore(options));
    case "check":
      return toldOfCheck(subject, await compareShown(options));
    case "drop":
      return toldOfDrop(subject, await dropOtherVersions(options));
    case undefined:
      return toldOf(subject, await rebuildProjection(options));
  }
};

const toldOf = ({ name, title, pieces }: Subject, rebuilt: Rebuilt): string => {
  const { version } = rebuilt;
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

const toldOfCheck = ({ title, pieces }: Subject, checked: Awaited<ReturnType<typeof compareShown>>): string => {
  if (checked.outcome === "notFed") throw notFed(checked.version);
  const { version, comparison } = checked;
  if (comparison.differences.length > 0)
    throw new OpsError([`version ${version} of ${title} is shown, and is not what the log says:`, ...linesOf(comparison)].join("\n"));
  return `version ${version} of ${title} is shown: ${comparison.compared} ${pieces}, each as the log has it`;
};

const toldOfBack = ({ title }: Subject, back: ShownBefore): string => {
  if (back.outcome === "none") throw new OpsError(`there is no version of ${title} to go back to`);
  if (back.outcome === "notFed") throw notFed(back.version);
  return `version ${back.version} of ${title} is shown again`;
};

const toldOfDrop = ({ title }: Subject, versions: readonly number[]): string =>
  versions.length === 0 ? `there is one version of ${title}, and it is shown` : `dropped: version ${versions.join(", ")} of ${title}`;
