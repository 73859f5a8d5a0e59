import * as z from "zod";

/** The part of a service's log that others may read. */
export type ReadableLog = {
  readonly name: string;
  readonly shards: number;
  heads(): Promise<{ readonly epoch: string; readonly heads: readonly bigint[] }>;
  read(cursors: readonly LogCursor[], limit: number): Promise<readonly unknown[]>;
};

/** The part of a log that is read by those who have missed some of a stream. */
export type ReadableStreams = {
  readStream(streamId: string, range: { readonly after: number; readonly limit: number }): Promise<readonly unknown[]>;
};

type LogCursor = { shard: number; after: bigint };

/** Of the tokens that services get: they read each other's logs, and shoppers read none. */
export const logScope = "log:read";

/** More than this of a shard or a stream is asked for again. */
export const mostEvents = 500;

/** As text: superjson notes of each big integer which one it equals, and the input is a URL. */
const Position = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);

export const LogRead = z.strictObject({
  cursors: z
    .array(z.strictObject({ shard: z.int().min(0).max(1_023), after: Position }))
    .min(1)
    .max(1_024),
  limit: z.int().min(1),
});
export type LogRead = z.output<typeof LogRead>;

/** What `log.heads` answers: enough to read the log from anywhere. */
export const logHeads = async (log: ReadableLog) => ({ name: log.name, shards: log.shards, ...(await log.heads()) });

/**
 * What `log.read` answers: events right above each cursor. `events` are the log's own, which the wire brings over unchanged.
 */
export const readLog = async <Event>(
  log: { read(cursors: readonly LogCursor[], limit: number): Promise<readonly Event[]> },
  { cursors, limit }: LogRead,
): Promise<{ events: readonly Event[] }> => ({ events: await log.read(cursors, Math.min(limit, mostEvents)) });

export const StreamRead = z.strictObject({ streamId: z.string().min(1).max(500), after: z.int().min(0), limit: z.int().min(1) });
export type StreamRead = z.output<typeof StreamRead>;

/** What `log.stream` answers: the stream's events above a version. Whoever gets as many as they asked for, or `mostEvents`, asks again. */
export const readStream = async <Event>(
  log: { readStream(streamId: string, range: { after: number; limit: number }): Promise<readonly Event[]> },
  { streamId, after, limit }: StreamRead,
): Promise<{ events: readonly Event[] }> => ({ events: await log.readStream(streamId, { after, limit: Math.min(limit, mostEvents) }) });
