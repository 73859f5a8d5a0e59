import { openResp, type Reply } from "../redis/node/resp-connection.ts";
import type { RespConnection } from "../redis/redis-connection.ts";

export type UpstashServer = AsyncDisposable & { readonly url: string; readonly token: string };

/** For tests: Upstash's REST protocol in front of a plain Redis, as its client speaks it: `/`, `/pipeline`, `/multi-exec`, base64. */
export const upstashServer = async (redis: RespConnection): Promise<UpstashServer> => {
  const token = crypto.randomUUID();
  const { send, close } = await openResp(redis, { connectTimeoutMs: 5_000, commandTimeoutMs: 60_000 });

  const transaction = async (commands: readonly string[][]): Promise<Reply | readonly Reply[]> => {
    const replies = await Promise.all([["MULTI"], ...commands, ["EXEC"]].map(send));
    const exec = replies.at(-1);
    return exec && "result" in exec && Array.isArray(exec.result) ? exec.result.map((result) => ({ result })) : (exec ?? { error: "ERR" });
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      if (request.headers.get("authorization") !== `Bearer ${token}`) return Response.json({ error: "Unauthorized" }, { status: 401 });
      const body = await request.json();
      const { pathname } = new URL(request.url);
      const encode = request.headers.get("upstash-encoding") === "base64" ? base64 : (value: unknown) => value;
      const answer = (reply: Reply) => ("error" in reply ? reply : { result: encode(reply.result) });
      if (pathname === "/pipeline") return Response.json((await Promise.all(body.map(send))).map(answer));
      const reply = pathname === "/multi-exec" ? await transaction(body) : await send(body);
      if (Array.isArray(reply)) return Response.json(reply.map(answer));
      return Response.json(answer(reply as Reply), { status: "error" in reply ? 400 : 200 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    token,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
      close();
    },
  };
};

/** Every string, however deep; but not an "OK" that is the whole answer. */
const base64 = (value: unknown): unknown => (value === "OK" ? value : deepBase64(value));

const deepBase64 = (value: unknown): unknown => {
  if (typeof value === "string") return Buffer.from(value).toString("base64");
  return Array.isArray(value) ? value.map(deepBase64) : value;
};
