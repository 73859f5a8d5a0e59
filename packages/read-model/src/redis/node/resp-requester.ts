import type { Requester } from "@upstash/redis";
import type { RespConnection } from "../redis-connection.ts";
import { RedisUnavailable } from "../redis-errors.ts";
import { type OpenResp, type OpenRespOptions, openResp, type Reply } from "./resp-connection.ts";

export type RespRequesterOptions = Partial<OpenRespOptions>;

const firstPauseMs = 20;
const longestPauseMs = 1_000;

/**
 * What the client asks of Upstash by HTTP, asked of a plain Redis: a command, a pipeline, a transaction. A lost connection fails
 * what was in flight, and the next command opens another; while Redis is away, commands fail at once.
 */
export const respRequester = (to: RespConnection, options: RespRequesterOptions = {}): Requester & Disposable => {
  const connection = reconnecting(() => openResp(to, { connectTimeoutMs: 1_000, commandTimeoutMs: 2_000, ...options }));

  const answer = async (path: string | undefined, body: unknown): Promise<Reply | readonly Reply[]> => {
    const resp = await connection.open();
    if (path === "pipeline") return await Promise.all(commandsOf(body).map(resp.send));
    if (path === "multi-exec") return await transaction(resp, commandsOf(body));
    if (path !== undefined) throw new TypeError(`${path} is not for a plain Redis`);
    return await resp.send(commandOf(body));
  };
  return {
    // The shape of what is answered follows from the command, which is the client's to know.
    request: async ({ path, body }) => (await answer(path?.join("/"), body)) as never,
    [Symbol.dispose]: connection.close,
  };
};

/** All in one tick, so that nobody else's command comes in between. */
const transaction = async ({ send }: OpenResp, commands: readonly (readonly string[])[]): Promise<Reply | readonly Reply[]> => {
  const replies = await Promise.all([["MULTI"], ...commands, ["EXEC"]].map(send));
  const exec = replies.at(-1);
  if (!exec || "error" in exec) return exec ?? { error: "ERR no answer to EXEC" };
  return Array.isArray(exec.result) ? exec.result.map((result) => ({ result })) : [];
};

const commandsOf = (body: unknown): readonly (readonly string[])[] => (Array.isArray(body) ? body.map(commandOf) : []);
const commandOf = (body: unknown): readonly string[] => (Array.isArray(body) ? body.map(String) : []);

/** Opens at the first use, and anew after each loss; not more often than the pauses allow. */
const reconnecting = (connect: () => Promise<OpenResp>) => {
  let current: Promise<OpenResp> | null = null;
  let failures = 0;
  let notBefore = 0;
  let lastError: unknown;
  let over = false;

  const attempt = async (): Promise<OpenResp> => {
    try {
      const resp = await connect();
      failures = 0;
      if (over) resp.close();
      void resp.closed.then(() => {
        current = null;
      });
      return resp;
    } catch (error) {
      lastError = error;
      notBefore = performance.now() + Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
      failures += 1;
      current = null;
      throw error;
    }
  };
  return {
    async open(): Promise<OpenResp> {
      if (over) throw new RedisUnavailable("this client was closed");
      if (!current && performance.now() < notBefore) throw new RedisUnavailable("Redis is away", { cause: lastError });
      current ??= attempt();
      return await current;
    },
    close() {
      over = true;
      current?.then(({ close }) => close()).catch(() => {});
    },
  };
};
