import { RedisClient } from "bun";
import type { RespConnection } from "../redis-connection.ts";
import { RedisUnavailable } from "../redis-errors.ts";

export type OpenRespOptions = {
  /** Until Redis has answered a first command. */
  readonly connectTimeoutMs: number;
  /** How long Redis may be silent while something is asked of it. */
  readonly commandTimeoutMs: number;
  /** Certificates of authorities that are trusted beside the system's. */
  readonly ca?: string | undefined;
};

export type Reply = { readonly result: unknown } | { readonly error: string };

export type OpenResp = {
  /** @throws {RedisUnavailable} when the connection is lost before the answer. */
  send(command: readonly string[]): Promise<Reply>;
  close(): void;
  /** Resolves when the connection is of no more use. */
  readonly closed: Promise<void>;
};

/**
 * One connection that is never repaired: a new one takes its place. It speaks RESP2, whose shapes are those that the client
 * expects: no maps, no pairs, no floats. (Bun greets with RESP3.)
 *
 * @throws {RedisUnavailable}
 */
export const openResp = async (to: RespConnection, { connectTimeoutMs, commandTimeoutMs, ca }: OpenRespOptions): Promise<OpenResp> => {
  const client = new RedisClient(urlOf(to), {
    autoReconnect: false,
    enableOfflineQueue: false,
    connectionTimeout: connectTimeoutMs,
    ...(to.tls && { tls: ca === undefined ? true : { ca } }),
  });
  const closed = Promise.withResolvers<void>();
  const waiting = new Set<(error: RedisUnavailable) => void>();
  let isOpen = true;
  const fail = (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    closed.resolve();
    client.close();
    for (const reject of waiting) reject(new RedisUnavailable(`${to.host}:${to.port}: ${reason}`));
    waiting.clear();
  };
  client.onclose = (error) => fail(error.message);
  const watch = silenceWatch({
    timeoutMs: commandTimeoutMs,
    isWaiting: () => waiting.size > 0,
    onSilence: () => fail("it has not answered in time"),
  });

  const send = (command: readonly string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const settle = (reply: Reply) => {
      waiting.delete(reject);
      watch.heard();
      resolve(reply);
    };
    if (!isOpen) {
      reject(new RedisUnavailable(`${to.host}:${to.port}: the connection is lost`));
      return promise;
    }
    waiting.add(reject);
    watch.asked();
    const [name = "", ...args] = command;
    client.send(name, args).then(
      (result) => settle({ result }),
      (error) => (isReply(error) ? settle({ error: error.message }) : fail(error.message)),
    );
    return promise;
  };

  const greet = async () => {
    await client.connect();
    const reply = await send(["HELLO", "2"]);
    if ("error" in reply) throw new RedisUnavailable(`${to.host}:${to.port}: ${reply.error}`);
  };
  await within(connectTimeoutMs, greet()).catch((cause: Error) => {
    fail("it could not be greeted");
    throw new RedisUnavailable(`${to.host}:${to.port} can't be reached, or takes another password: ${cause.message}`, { cause });
  });
  return { send, close: () => fail("the connection was closed"), closed: closed.promise };
};

const urlOf = ({ host, port, username, password, database, tls }: RespConnection): string => {
  const account = username || password ? `${encodeURIComponent(username)}:${encodeURIComponent(password)}@` : "";
  return `${tls ? "rediss" : "redis"}://${account}${host.includes(":") ? `[${host}]` : host}:${port}/${database || ""}`;
};

/** An answer of the server that says no, unlike what breaks on the way. */
const isReply = (error: Error): boolean => "code" in error && error.code === "ERR_REDIS_SERVER_ERROR";

type SilenceWatchOptions = { readonly timeoutMs: number; readonly isWaiting: () => boolean; readonly onSilence: () => void };

/** One timer for however many commands: answers come in order, so that the next one has waited no longer than the silence lasts. */
const silenceWatch = ({ timeoutMs, isWaiting, onSilence }: SilenceWatchOptions) => {
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    if (!isWaiting()) return;
    const restMs = since + timeoutMs - performance.now();
    if (restMs <= 0) onSilence();
    else timer = setTimeout(look, restMs);
  };
  return {
    asked() {
      if (timer !== undefined) return;
      since = performance.now();
      timer = setTimeout(look, timeoutMs);
    },
    heard() {
      since = performance.now();
    },
  };
};

const within = async <Result>(ms: number, work: Promise<Result>): Promise<Result> => {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
};
