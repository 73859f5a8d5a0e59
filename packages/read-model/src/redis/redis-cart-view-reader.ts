import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { LogReader } from "@cartwright/event-log/event-log";
import { shardOf } from "@cartwright/event-log/shard-of";
import type { CartListRequest, CartWritten } from "../cart-views.ts";
import { cartViewKeys, defaultKeyPrefix, placedList } from "./cart-view-keys.ts";
import { listScript } from "./cart-view-scripts.ts";
import { listTtlSeconds as defaultListTtlSeconds, listNames } from "./list-lifetime.ts";
import { storedView } from "./redis-cart-view-store.ts";
import type { RedisClient } from "./redis-client.ts";
import { redisError } from "./redis-errors.ts";
import { parseMark } from "./stored-mark.ts";

export type RedisCartViewReaderOptions = {
  readonly redis: RedisClient;
  /** The cart's. What was made of another epoch is not believed: the log may have been restored to a time before it. */
  readonly log: Pick<LogReader, "shards" | "epoch">;
  readonly prefix?: string;
  readonly listTtlSeconds?: number;
};

/** What Redis knows. What it does not know is not there, and says nothing about the cart. */
export type RedisCartViewReader = {
  /** The views that are there of carts in shards that are ready and as far as `atLeast` says, read together with their marks. */
  getMany(cartIds: readonly CartId[], atLeast?: CartWritten): Promise<ReadonlyMap<CartId, CartView>>;
  /**
   * The ids of a page, and of one cart more where there is one; or why it is not known that these are all. The lists of a subject who
   * was idle are missing, and have to be filled.
   */
  list(subject: SubjectId, request: CartListRequest): Promise<readonly CartId[] | "filling" | "behind" | "missing">;
  /** Which version is shown, and which shards are not ready. */
  readiness(): Promise<{ readonly version: number | null; readonly notReady: readonly number[] }>;
};

/** Every call throws `RedisUnavailable` where Redis is away. */
export const redisCartViewReader = (options: RedisCartViewReaderOptions): RedisCartViewReader => {
  const { redis, log, prefix = defaultKeyPrefix, listTtlSeconds = defaultListTtlSeconds } = options;
  const { shards } = log;
  const all = cartViewKeys(prefix);
  const script = redis.createScript<string[]>(listScript);
  let known: number | null = null;

  const shardOfCart = (cartId: CartId) => shardOf(cartStreamId(cartId), shards);
  const readyMark = (text: string | null | undefined) => {
    const mark = parseMark(text);
    return mark?.isReady && mark.epoch === log.epoch ? mark : null;
  };

  /** Reads with the version that is shown at this moment: which that is, is read with the data. */
  const atVersion = async (keysOf: (keys: ReturnType<typeof all.of>) => readonly string[]): Promise<readonly (string | null)[]> => {
    for (;;) {
      const version = known;
      const keys = version === null ? [] : keysOf(all.of(version));
      const [active = null, ...values] = await redis.mget<(string | null)[]>([all.active, ...keys]).catch(failed);
      known = active === null ? null : Number(active);
      if (known === version) return values;
    }
  };

  return {
    async getMany(cartIds, atLeast) {
      if (cartIds.length === 0) return new Map();
      const shardsOf = cartIds.map(shardOfCart);
      const asked = [...new Set(shardsOf)];
      const values = await atVersion((keys) => [...asked.map(keys.mark), ...cartIds.map(keys.view)]);
      const ready = new Set(
        asked.filter((shard, index) => {
          const mark = readyMark(values[index]);
          return mark !== null && (!atLeast || shard !== shardOfCart(atLeast.cartId) || mark.position >= atLeast.position);
        }),
      );
      return new Map(
        cartIds.flatMap((cartId, index): [CartId, CartView][] => {
          const value = values[asked.length + index];
          return typeof value === "string" && ready.has(shardsOf[index] ?? -1) ? [[cartId, storedView(value)]] : [];
        }),
      );
    },

    async list(subject, { status = "all", by, after, limit, atLeast }) {
      const list = by === "placedAt" ? placedList : status;
      const place = after ? [String(Date.parse(after.at)), after.cartId] : ["", ""];
      const reached = atLeast ? [String(shardOfCart(atLeast.cartId)), String(atLeast.position)] : ["", ""];
      const kept = [listNames, String(listTtlSeconds)];
      const args = [all.projection, String(shards), log.epoch, ...reached, list, subject, ...place, String(limit + 1), ...kept];
      const [version, ...cartIds] = await script.exec([all.active], args).catch(failed);
      if (version === "filling" || version === "behind" || version === "missing") return version;
      // Written from carts' ids.
      return cartIds as CartId[];
    },

    async readiness() {
      const everyShard = Array.from({ length: shards }, (_, shard) => shard);
      const marks = await atVersion((keys) => everyShard.map(keys.mark));
      return { version: known, notReady: everyShard.filter((shard) => !readyMark(marks[shard])) };
    },
  };
};

const failed = (error: unknown): never => {
  throw redisError(error);
};
