import * as z from "zod";
import { mostEvents } from "./log-procedures.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { type ServiceCallOptions, serviceCalls } from "./service-call.ts";

/** An event as another service's log has it. */
const RemoteEvent = z.object({
  eventId: z.string(),
  type: z.string(),
  schemaVersion: z.number(),
  data: z.record(z.string(), z.json()),
  metadata: z.record(z.string(), z.json()),
  streamId: z.string(),
  version: z.number(),
  shard: z.number(),
  position: z.bigint(),
  recordedAt: z.date(),
});
export type RemoteEvent = z.output<typeof RemoteEvent>;

const Heads = z.object({ name: z.string(), shards: z.int().positive(), epoch: z.string(), heads: z.array(z.bigint()) });
const Events = z.object({ events: z.array(RemoteEvent) });

export type RemoteLogOptions = ServiceCallOptions & {
  /** Of the service that reads. */
  readonly token: () => Promise<string>;
};

export type RemoteLog = {
  readonly name: string;
  readonly shards: number;
  readonly epoch: string;
  heads(): Promise<{ epoch: string; heads: readonly bigint[] }>;
  read(cursors: readonly { shard: number; after: bigint }[], limit: number): Promise<readonly RemoteEvent[]>;
  /** As `EventLog.readStream`, where the owner has the procedure `log.stream`. */
  readStream(streamId: string, range?: { after?: number; limit?: number }): Promise<readonly RemoteEvent[]>;
  /** Nobody tells us: what is new is found by polling. */
  onWake(listener: (events: readonly RemoteEvent[]) => void): () => void;
};

/**
 * The log of another service, read through its procedures `log.heads`, `log.read` and `log.stream` as the log's own process reads it.
 * @throws {ServiceAway} while its owner does not answer.
 */
export const remoteLog = async ({ token, ...call }: RemoteLogOptions): Promise<RemoteLog> => {
  const calls = serviceCalls(call);
  const query = async (path: string, input: unknown) => calls.query({ path, input, token: await token() });
  const first = Heads.parse(await query("log.heads", undefined));
  let { epoch } = first;
  return {
    name: first.name,
    shards: first.shards,
    get epoch() {
      return epoch;
    },
    async heads() {
      const now = Heads.parse(await query("log.heads", undefined));
      epoch = now.epoch;
      return { epoch, heads: now.heads };
    },
    async read(cursors, limit) {
      const asText = cursors.map(({ shard, after }) => ({ shard, after: String(after) }));
      return Events.parse(await query("log.read", { cursors: asText, limit })).events;
    },
    async readStream(streamId, { after = 0, limit = Number.POSITIVE_INFINITY } = {}) {
      const found: RemoteEvent[] = [];
      for (;;) {
        const wanted = Math.min(limit - found.length, mostEvents);
        if (wanted <= 0) return found;
        const input = { streamId, after: found.at(-1)?.version ?? after, limit: wanted };
        const { events } = Events.parse(await query("log.stream", input));
        found.push(...events);
        if (events.length < wanted) return found;
      }
    },
    onWake: () => () => {},
  };
};

export type AwaitRemoteLogOptions = RemoteLogOptions & {
  readonly signal: AbortSignal;
  readonly logger?: Logger;
  readonly everyMs?: number;
};

/** The same once its owner answers, however long that takes; rejects when the signal aborts. */
export const awaitRemoteLog = async (options: AwaitRemoteLogOptions): Promise<RemoteLog> => {
  const { url, signal, logger = silentLogger, everyMs = 500 } = options;
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await remoteLog(options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Said once, and now and then.
      if (attempt % attemptsToASaying === 0) logger.warn({ url, reason }, "a log is waited for");
    }
    await pause(everyMs, signal);
  }
};

/**
 * The same as what a follower takes. It may be given up before anybody has begun to follow, as by a start that is made
 * again: then nobody need hear of that.
 */
export const awaitRemoteFeed = <Feed>({ feed, ...options }: AwaitRemoteLogOptions & { feed: (log: RemoteLog) => Feed }): Promise<Feed> => {
  const found = awaitRemoteLog(options).then(feed);
  found.catch(() => {});
  return found;
};

const attemptsToASaying = 60;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
