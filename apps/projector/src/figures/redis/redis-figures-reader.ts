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
  return {
    async counts(version, { from, to }) {
      return (await read(version, [], [`[${from}`, `[${to}`])).counts;
    },
    async snapshot(version, logs) {
      const keys = figuresKeys(prefix, version);
      const names = logs.map(({ name, shards }) => Array.from({ length: shards }, (_, shard) => keys.mark(name, shard)));
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
