import type { LogReader } from "@cartwright/event-log/event-log";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisError } from "@cartwright/read-model/redis/redis-errors";
import { parseMark } from "@cartwright/read-model/redis/stored-mark";
import { type Count, FigureName } from "../count.ts";
import type { FiguresReader } from "../figures-reader.ts";
import { figuresKeys } from "./figures-keys.ts";
import { readScript } from "./figures-scripts.ts";

export type RedisFiguresReaderOptions = { readonly redis: RedisClient; readonly prefix?: string };

/** Throws `RedisUnavailable` where Redis is away. */
export const redisFiguresReader = ({ redis, prefix = defaultKeyPrefix }: RedisFiguresReaderOptions): FiguresReader => {
  const script = redis.createScript<string[]>(readScript);
  const read = async (version: number, marks: readonly string[], [first, last]: readonly [string, string]) => {
    const keys = figuresKeys(prefix, version);
    const found = await script.exec([keys.days, ...marks], [keys.countsPrefix, first, last]).catch((error: unknown): never => {
      throw redisError(error);
    });
    return { marks: found.slice(0, marks.length), counts: countsOf(found.slice(marks.length)) };
  };
  const markNames = (version: number, logs: readonly Pick<LogReader, "name" | "shards">[]) =>
    logs.map(({ name, shards }) => Array.from({ length: shards }, (_, shard) => figuresKeys(prefix, version).mark(name, shard)));
  return {
    async counts(version, { logs, days: { from, to } }) {
      const { marks, counts } = await read(version, markNames(version, logs).flat(), [`[${from}`, `[${to}`]);
      return { counts, isReady: marks.every((mark) => parseMark(mark)?.isReady ?? false) };
    },
    async snapshot(version, logs) {
      const names = markNames(version, logs);
      const { marks, counts } = await read(version, names.flat(), ["-", "+"]);
      const positions = names.map((ofLog) =>
        ofLog.map((_, shard) => parseMark(marks[names.flat().indexOf(ofLog[shard] ?? "")])?.position ?? 0n),
      );
      return { positions, counts };
    },
  };
};

const countsOf = (flat: readonly string[]): readonly Count[] =>
  Array.from({ length: flat.length / 3 }, (_, index) => {
    const [day = "", figure = "", amount = ""] = flat.slice(3 * index, 3 * index + 3);
    const [name, key = ""] = figure.split(" ");
    return { day, name: FigureName.parse(name), key, amount: Number(amount) };
  });
