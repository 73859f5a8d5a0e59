import type postgres from "postgres";

export type ReceiptPruningOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly keepMs: number;
  /** Until the first time: about a minute by default, for each process another one. */
  readonly firstMs?: number;
  readonly everyMs?: number;
  /** How many are forgotten in one transaction. */
  readonly portion?: number;
  readonly onError: (error: unknown) => void;
};

export type ReceiptPruning = {
  /** Forgets what was answered before then, little by little, and says how much. */
  prune(before: Date): Promise<number>;
  /** Begins no other portion. */
  stop(): void;
};

/**
 * Forgets old receipts soon after the start, since not every process lives for an hour, and then each hour. Every process of a
 * log may do it; none needs to.
 */
export const receiptPruning = (options: ReceiptPruningOptions): ReceiptPruning => {
  const { sql, schema, keepMs, firstMs = 60_000 * (0.5 + Math.random()), everyMs = 3_600_000, portion = 10_000, onError } = options;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;

  const prune = async (before: Date): Promise<number> => {
    let pruned = 0;
    for (let count = portion; count >= portion && !isStopped; pruned += count) {
      // By their places: the index on the age knows no single receipt.
      ({ count } = await sql`
        delete from ${sql(schema)}.receipt where answered_at < ${before} and ctid = any (array(
          select ctid from ${sql(schema)}.receipt where answered_at < ${before} limit ${portion}))`);
    }
    return pruned;
  };
  const pruneIn = (ms: number) => {
    timer = setTimeout(async () => {
      await prune(new Date(Date.now() - keepMs)).catch((error) => {
        if (!isStopped) onError(error);
      });
      if (!isStopped) pruneIn(everyMs);
    }, ms);
  };
  pruneIn(firstMs);
  return {
    prune,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};
