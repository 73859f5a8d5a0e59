import { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import type { CartViewRecord } from "../cart-view-writer.ts";
import { parseRecord, parseView } from "../stored-record.ts";
import { cartViewKeys, defaultKeyPrefix } from "./cart-view-keys.ts";
import { disbelieveScript, writeScript } from "./cart-view-scripts.ts";
import { listTtlSeconds as defaultListTtlSeconds, listNames } from "./list-lifetime.ts";
import type { RedisClient } from "./redis-client.ts";
import { redisError } from "./redis-errors.ts";
import { markText, parseMark, type StoredMark } from "./stored-mark.ts";

export type RedisCartViewStoreOptions = {
  readonly redis: RedisClient;
  /** Of the projection: each has keys of its own. */
  readonly version: number;
  readonly prefix?: string;
  /** How long a view is kept after its last change. Whoever asks for it later folds the log. Default 30 days. */
  readonly viewTtlSeconds?: number;
  readonly listTtlSeconds?: number;
};

export type MarkedMove = { readonly shard: number; readonly from: StoredMark; readonly to: StoredMark };

/** What became of a write: it is there, or the mark was elsewhere and nothing was changed. */
export type WriteOutcome = { readonly applied: true } | { readonly applied: false; readonly mark: StoredMark | null };

/** The projection's side of the views in Redis. */
export type RedisCartViewStore = ReturnType<typeof redisCartViewStore>;

export const defaultViewTtlSeconds = 30 * 24 * 60 * 60;

/** Every call throws `RedisUnavailable` where Redis is away; then nobody knows whether a write is there. */
export const redisCartViewStore = ({ redis, version, prefix = defaultKeyPrefix, ...lifetimes }: RedisCartViewStoreOptions) => {
  const { viewTtlSeconds = defaultViewTtlSeconds, listTtlSeconds = defaultListTtlSeconds } = lifetimes;
  const keys = cartViewKeys(prefix).of(version);
  const script = redis.createScript<1 | string | null>(writeScript);
  const disbelief = redis.createScript<1>(disbelieveScript);
  return {
    version,

    async load(cartIds: readonly CartId[]): Promise<ReadonlyMap<CartId, CartViewRecord>> {
      if (cartIds.length === 0) return new Map();
      const values = await redis.mget<(string | null)[]>(cartIds.map(keys.view)).catch(failed);
      return new Map(values.flatMap((value) => (value === null ? [] : entryOf(storedRecord(value)))));
    },

    /** Writes each view whole, where it is newer than the one that is there, and moves the mark: all of it if the mark is at `from`. */
    async write(records: readonly CartViewRecord[], move?: MarkedMove): Promise<WriteOutcome> {
      const args = [
        move ? markText(move.from) : "",
        move ? markText(move.to) : "",
        String(viewTtlSeconds),
        keys.listPrefix,
        listNames,
        CartStatus.options.join(" "),
        keys.listedPrefix,
        String(listTtlSeconds),
        ...records.flatMap(argumentsOf),
      ];
      const answer = await script
        .exec([keys.mark(move?.shard ?? 0), ...records.map(({ view }) => keys.view(view.cartId))], args)
        .catch(failed);
      return answer === 1 ? { applied: true } : { applied: false, mark: parseMark(answer) };
    },

    /** The marks that are there of `shards` shards, from 0 on. */
    async marks(shards: number): Promise<ReadonlyMap<number, StoredMark & { readonly isReady: boolean }>> {
      const texts = await redis.mget<(string | null)[]>(Array.from({ length: shards }, (_, shard) => keys.mark(shard))).catch(failed);
      return new Map(
        texts.flatMap((text, shard) => {
          const mark = parseMark(text);
          return mark ? [[shard, mark] as const] : [];
        }),
      );
    },

    /** What is there of a shard is not shown from now on, if its mark is this one, or wherever it is; until its mark is gone. */
    async disbelieve(shard: number, mark?: StoredMark): Promise<void> {
      await disbelief.exec([keys.mark(shard)], [mark ? markText(mark) : ""]).catch(failed);
    },

    /** Makes marks where there are none. A shard is ready when its mark has reached `heads[shard]`, the log's head of now. */
    async begin(marks: ReadonlyMap<number, StoredMark>, heads: readonly bigint[]): Promise<void> {
      const beginnings = [...marks].map(([shard, mark]) =>
        redis.set(keys.mark(shard), `${markText(mark)} ${heads[shard] ?? 0n}`, { nx: true }),
      );
      await Promise.all(beginnings).catch(failed);
    },
  };
};

/** A record's value: what the scripts have to see, the view, and what only the projection reads. */
const storedValue = ({ view, remainder }: CartViewRecord): string =>
  `${view.version} ${view.status}\n${JSON.stringify(view)}\n${JSON.stringify(remainder)}`;

// JSON has no line breaks of its own.
const storedRecord = (value: string): CartViewRecord | null => {
  const [, view = "", remainder = ""] = value.split("\n");
  return parseRecord(view, remainder);
};

export const storedView = (value: string): CartView => parseView(value.slice(value.indexOf("\n") + 1, value.lastIndexOf("\n")));

const entryOf = (record: CartViewRecord | null): [CartId, CartViewRecord][] => (record ? [[record.view.cartId, record]] : []);

const argumentsOf = (record: CartViewRecord): readonly string[] => {
  const { version, status, openedAt, owner, cartId, order } = record.view;
  const placedAt = order ? String(Date.parse(order.placedAt)) : "";
  return [String(version), status, String(Date.parse(openedAt)), placedAt, owner, cartId, storedValue(record)];
};

const failed = (error: unknown): never => {
  throw redisError(error);
};
