import type { SubjectId } from "@cartwright/contracts/ids";
import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import type { CartListPlace } from "../cart-views.ts";
import type { IndexReached, SubjectCarts } from "../subject-carts.ts";
import { type CartViewKeys, cartViewKeys, defaultKeyPrefix } from "./cart-view-keys.ts";
import { type ListEntry, listEntries } from "./list-entries.ts";
import { addFillScript, beginFillScript, leaveFillScript } from "./list-fill-scripts.ts";
import { fillTtlSeconds, listNames, listTtlSeconds, waitTtlSeconds } from "./list-lifetime.ts";
import type { RedisClient } from "./redis-client.ts";
import { redisError } from "./redis-errors.ts";

export type RedisListFillingOptions = {
  readonly redis: RedisClient;
  readonly prefix?: string;
  /** The cart's. */
  readonly log: Pick<EventLog, "readStream"> & Pick<LogReader, "shards" | "epoch">;
  readonly subjectCarts: SubjectCarts;
  readonly ttlSeconds?: number;
  /** Carts that are added at a time. Default 200. */
  readonly partSize?: number;
};

/**
 * Fills a subject's lists from the subject index, up to the marks of the moment at which it begins; what is newer, flushes add.
 * @returns whether they are whole. They are not yet where the projection is not ready, another one fills them, the index is behind,
 * or Redis has lost a part: whoever asks then goes on.
 * @throws {RedisUnavailable} and what the index and the log throw.
 */
export type FillLists = (subject: SubjectId) => Promise<boolean>;

type Begun = { readonly token: string; readonly keys: CartViewKeys; readonly reached: IndexReached };

export const redisListFilling = (options: RedisListFillingOptions): FillLists => {
  const { redis, prefix = defaultKeyPrefix, log, subjectCarts, ttlSeconds = listTtlSeconds, partSize = 200 } = options;
  const all = cartViewKeys(prefix);
  const beginning = redis.createScript<string[]>(beginFillScript);
  const adding = redis.createScript<"whole" | "filling" | "lost">(addFillScript);
  const entriesOf = listEntries({ redis, log });
  const leaving = redis.createScript<1>(leaveFillScript);

  const begin = async (subject: SubjectId): Promise<Begun | boolean> => {
    const token = crypto.randomUUID();
    const args = [all.projection, String(log.shards), log.epoch, subject, token, String(fillTtlSeconds), listNames];
    const [version = "", positions = ""] = await beginning.exec([all.active], args).catch(failed);
    if (positions === "") return version === "whole";
    return { token, keys: all.of(Number(version)), reached: { epoch: log.epoch, positions: positions.split(",").map(BigInt) } };
  };

  type Part = { readonly part: number; readonly isLast: boolean; readonly entries: readonly ListEntry[] };
  const add = (subject: SubjectId, { token, keys }: Begun, { part, isLast, entries }: Part) => {
    const lifetimes = [String(ttlSeconds), String(fillTtlSeconds)];
    const args = [
      keys.listPrefix,
      listNames,
      subject,
      token,
      String(part),
      isLast ? "1" : "",
      ...lifetimes,
      ...entries.flatMap(argumentsOf),
    ];
    return adding.exec([keys.listed(subject), ...entries.map(({ cartId }) => keys.view(cartId))], args).catch(failed);
  };

  return async (subject) => {
    const begun = await begin(subject);
    if (typeof begun === "boolean") return begun;
    const { token, keys, reached } = begun;
    let after: CartListPlace | undefined;
    for (let part = 0; ; part++) {
      const places = await subjectCarts.page(subject, { limit: partSize, reached, ...(after && { after }) });
      if (!places) {
        await leaving.exec([keys.listed(subject)], [token, String(waitTtlSeconds)]).catch(failed);
        return false;
      }
      const isLast = places.length < partSize;
      const answer = await add(subject, begun, { part, isLast, entries: await entriesOf(places, begun) });
      if (answer !== "filling") return answer === "whole";
      after = places.at(-1);
    }
  };
};

const argumentsOf = ({ cartId, openedAt, placedAt, status }: ListEntry): readonly string[] => [
  cartId,
  String(Date.parse(openedAt)),
  placedAt === null ? "" : String(Date.parse(placedAt)),
  status,
];

const failed = (error: unknown): never => {
  throw redisError(error);
};
