import type { PaymentId } from "@cartwright/contracts/ids";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import type { MarkedMove, WriteOutcome } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisError } from "@cartwright/read-model/redis/redis-errors";
import { markText, parseMark, type StoredMark } from "@cartwright/read-model/redis/stored-mark";
import { summed } from "../count.ts";
import type { FiguresChange, FiguresWriter } from "../figures-writer.ts";
import { PaymentStanding } from "../payment-standing.ts";
import { figuresKeys } from "./figures-keys.ts";
import { addScript, drainScript } from "./figures-scripts.ts";

export type RedisFiguresStoreOptions = {
  readonly redis: RedisClient;
  readonly version: number;
  /** The name of the log that is counted: its marks are beside those of the others. */
  readonly log: string;
  readonly prefix?: string;
};

/** The counting side of one version of the figures in Redis. */
export type RedisFiguresStore = ReturnType<typeof redisFiguresStore>;

/** Every call throws `RedisUnavailable` where Redis is away; then nobody knows whether a write is there. */
export const redisFiguresStore = ({ redis, version, log, prefix = defaultKeyPrefix }: RedisFiguresStoreOptions) => {
  const keys = figuresKeys(prefix, version);
  const [adding, draining] = [redis.createScript<1 | string | null>(addScript), redis.createScript<1 | string>(drainScript)];
  const standings: FiguresWriter["standings"] = async (paymentIds) => {
    if (paymentIds.length === 0) return new Map();
    const values = await redis.mget<(string | null)[]>(paymentIds.map(keys.payment)).catch(failed);
    return new Map(paymentIds.flatMap((paymentId, index) => standingOf(paymentId, values[index] ?? null)));
  };
  /** Of either script. */
  const callOf = (changes: readonly FiguresChange[], guard: { key: string; from: string; to: string }) => {
    const sums = summed(changes.flatMap(({ counts }) => counts));
    const payments = changes.flatMap((change) => [...change.standings]);
    return {
      keys: [guard.key, keys.days, ...payments.map(([paymentId]) => keys.payment(paymentId))],
      args: [
        ...[guard.from, guard.to, keys.countsPrefix, String(sums.length)],
        ...sums.flatMap(({ day, name, key, amount }) => [day, `${name} ${key}`, String(amount)]),
        ...payments.map(([, standing]) => JSON.stringify(standing)),
      ],
    };
  };
  return {
    standings,

    /** Adds to the figures and moves the mark: all of it if the mark is at `from`. */
    async write(changes: readonly FiguresChange[], { shard, from, to }: MarkedMove): Promise<WriteOutcome> {
      const call = callOf(changes, { key: keys.mark(log, shard), from: markText(from), to: markText(to) });
      const answer = await adding.exec(call.keys, call.args).catch(failed);
      return answer === 1 ? { applied: true } : { applied: false, mark: parseMark(answer) };
    },

    /** The last version of a stream that was counted when it came out of its queue; 0 where none ever did. */
    async drained(streamId: string): Promise<number> {
      return Number((await redis.get<string>(keys.drained(log, streamId)).catch(failed)) ?? 0);
    },

    /** The same for events out of a queue. @returns false where `from` is no longer the version that `drained` answers. */
    async writeDrained(change: FiguresChange, { streamId, from, to }: { streamId: string; from: number; to: number }): Promise<boolean> {
      const call = callOf([change], { key: keys.drained(log, streamId), from: String(from), to: String(to) });
      const answer = await draining.exec(call.keys, call.args).catch(failed);
      // Where the first answer was lost, the second try finds what the first one wrote.
      return answer === 1 || Number(answer) === to;
    },

    /** The marks that are there of `shards` shards, from 0 on. */
    async marks(shards: number): Promise<ReadonlyMap<number, StoredMark & { readonly isReady: boolean }>> {
      const texts = await redis.mget<(string | null)[]>(Array.from({ length: shards }, (_, shard) => keys.mark(log, shard))).catch(failed);
      return new Map(
        texts.flatMap((text, shard) => {
          const mark = parseMark(text);
          return mark ? [[shard, mark] as const] : [];
        }),
      );
    },

    /** Makes marks where there are none. */
    async begin(marks: ReadonlyMap<number, StoredMark>, heads: readonly bigint[]): Promise<void> {
      const beginnings = [...marks].map(([shard, mark]) =>
        redis.set(keys.mark(log, shard), `${markText(mark)} ${heads[shard] ?? 0n}`, { nx: true }),
      );
      await Promise.all(beginnings).catch(failed);
    },
  };
};

const standingOf = (paymentId: PaymentId, value: string | null): readonly [PaymentId, PaymentStanding][] =>
  value === null ? [] : [[paymentId, PaymentStanding.parse(JSON.parse(value))]];

const failed = (error: unknown): never => {
  throw redisError(error);
};
