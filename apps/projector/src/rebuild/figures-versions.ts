import type { LogReader } from "@cartwright/event-log/event-log";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type postgres from "postgres";
import { placeOf, summed } from "../figures/count.ts";
import { type LogName, logNames } from "../figures/counted-logs.ts";
import { figuresGroupOf } from "../figures/figures-group.ts";
import type { FiguresReader } from "../figures/figures-reader.ts";
import { postgresFiguresReader } from "../figures/postgres/postgres-figures.ts";
import { redisFiguresReader } from "../figures/redis/redis-figures-reader.ts";
import { redisFiguresStore } from "../figures/redis/redis-figures-store.ts";
import { foldFigures } from "./fold-figures.ts";
import type { Comparison, RebuildableProjection } from "./rebuild-projection.ts";
import { removeGroup } from "./remove-group.ts";
import { removeFiguresKeys } from "./remove-version-keys.ts";

type Logs = Readonly<Record<LogName, LogReader>>;

export type TableFiguresVersionsOptions = { readonly sql: postgres.Sql; readonly schema: string; readonly logs: Logs };

/** The figures in tables. `sql` is the schema's owner. */
export const tableFiguresVersions = ({ sql, schema, logs }: TableFiguresVersionsOptions): RebuildableProjection => {
  const groupOf = (version: number, log: string) => figuresGroupOf({ store: "postgres", version }, log);
  return {
    ...{ projection: "figures", store: "postgres", logs: inOrder(logs) },
    prepare: async () => {},
    async positions(version, log) {
      const marks = await selectMarks(sql, schema, { group: groupOf(version, log), log });
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    compare: (version, onProgress) => compareFigures(version, { reader: postgresFiguresReader(sql, schema), logs, onProgress }),
    show: async () => {},
    shown: async () => {},
    remove: (version) =>
      sql.begin(async (tx) => {
        for (const table of ["figure", "figure_payment"]) await tx`delete from ${tx(`${schema}.${table}`)} where version = ${version}`;
        for (const { name } of inOrder(logs)) await removeGroup(tx, schema, groupOf(version, name));
      }),
  };
};

export type RedisFiguresVersionsOptions = TableFiguresVersionsOptions & { readonly redis: RedisClient; readonly prefix?: string };

/** The figures in Redis; what was parked of them is in the tables of `schema`. */
export const redisFiguresVersions = (options: RedisFiguresVersionsOptions): RebuildableProjection => {
  const { sql, schema, logs, redis, prefix = defaultKeyPrefix } = options;
  return {
    ...{ projection: "figures", store: "redis", logs: inOrder(logs) },
    prepare: async () => {},
    async positions(version, log) {
      const shards = inOrder(logs).find(({ name }) => name === log)?.shards ?? 0;
      const marks = await redisFiguresStore({ redis, version, log, prefix }).marks(shards);
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    compare: (version, onProgress) => compareFigures(version, { reader: redisFiguresReader({ redis, prefix }), logs, onProgress }),
    show: async () => {},
    shown: async () => {},
    async remove(version) {
      await removeFiguresKeys(redis, { prefix, version });
      await sql.begin(async (tx) => {
        for (const { name } of inOrder(logs)) await removeGroup(tx, schema, figuresGroupOf({ store: "redis", version }, name));
      });
    },
  };
};

const inOrder = (logs: Logs): readonly LogReader[] => logNames.map((name) => logs[name]);

type CompareOptions = {
  readonly reader: FiguresReader;
  readonly logs: Logs;
  /** Told of the events that were counted again. */
  readonly onProgress: ((events: number) => void) | undefined;
};

/** Each figure with what the logs come to at the marks that the figures were read with. */
const compareFigures = async (version: number, { reader, logs, onProgress = () => {} }: CompareOptions): Promise<Comparison> => {
  let counted = 0;
  const onCounted = (events: number) => {
    counted += events;
    onProgress(counted);
  };
  const { positions, counts } = await reader.snapshot(version, inOrder(logs));
  const folded = await Promise.all(
    logNames.map((name, index) => foldFigures({ of: name, log: logs[name], positions: positions[index] ?? [], onProgress: onCounted })),
  );
  const kept = new Map(summed(counts).map((count) => [placeOf(count), count.amount]));
  const expected = new Map(summed(folded.flat()).map((count) => [placeOf(count), count.amount]));
  const places = [...new Set([...kept.keys(), ...expected.keys()])].sort();
  const differences = places
    .filter((place) => kept.get(place) !== expected.get(place))
    .map((of) => ({ of, reason: `it is shown as ${kept.get(of) ?? 0}, and the logs say ${expected.get(of) ?? 0}` }));
  return { compared: places.length, differences };
};
