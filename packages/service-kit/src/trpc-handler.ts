import { type AnyTRPCRouter, getTRPCErrorFromUnknown, type inferRouterContext, type TRPCError } from "@trpc/server";
import { type ResponseMeta, resolveResponse } from "@trpc/server/http";
import type { Context, MiddlewareHandler } from "hono";
import { type CallSource, type ConnectionParams, withConnectionParams } from "./call-context.ts";
import { challengeOf, edgeError } from "./edge-error.ts";
import { boundedText } from "./request-body.ts";
import { requestRefused } from "./request-refusal.ts";
import { BODY_LIMIT_BYTES } from "./service-app.ts";
import type { ServiceEnv } from "./service-env.ts";
import { answerPlainly, plainlyCalled } from "./trpc-single-call.ts";

export type TrpcHandlerOptions<Router extends AnyTRPCRouter> = {
  readonly router: Router;
  readonly createContext: (source: CallSource) => Promise<inferRouterContext<Router>>;
  /** The path it is mounted at. */
  readonly endpoint?: string;
  /** Calls in one request. */
  readonly maxBatchSize?: number;
  readonly bodyLimitBytes?: number;
};

/** Answers the procedures of a router: `app.all("/trpc/*", trpcHandler({ router, createContext }))`. */
export const trpcHandler = <Router extends AnyTRPCRouter>(options: TrpcHandlerOptions<Router>): MiddlewareHandler<ServiceEnv> => {
  const { router, createContext, endpoint = "/trpc", maxBatchSize = 50, bodyLimitBytes = BODY_LIMIT_BYTES } = options;
  return async (c) => {
    const { method, url, headers, signal } = c.req.raw;
    const path = c.req.path.slice(endpoint.length + 1);
    let context: Promise<inferRouterContext<Router>> | undefined;
    const contextOf = (params: ConnectionParams = null) => {
      context ??= createContext(withConnectionParams(c, params));
      return context;
    };
    let error = unsupported(method, headers);
    const procedure = error === null ? plainlyCalled(router, path, c.req.raw) : undefined;
    if (procedure !== undefined) {
      try {
        return await answerPlainly(c.req.raw, { procedure, path, ctx: await contextOf(), bodyLimitBytes });
      } catch (thrown) {
        error = getTRPCErrorFromUnknown(thrown);
      }
    }
    const tooMany = isBatch(url) && callsIn(path) > maxBatchSize;
    if (tooMany) error = requestRefused({ code: "BatchTooLarge", limit: maxBatchSize });
    // What tRPC reads of a request, with the body within its limit. A batch that is too large is answered as one call.
    const req = { method, url: tooMany ? withoutQuery(url) : url, headers, signal, text: () => boundedText(c.req.raw, bodyLimitBytes) };
    return resolveResponse({
      router,
      req: req as Request,
      path: tooMany ? "" : path,
      error,
      createContext: ({ info }) => contextOf(info.connectionParams),
      maxBatchSize,
      allowMethodOverride: false,
      onError: (failed) => log(c, failed.error, failed.path),
      responseMeta,
    });
  };
};

const isBatch = (url: string) => /[?&]batch=1(?:&|$)/.test(url);
const withoutQuery = (url: string) => url.slice(0, url.indexOf("?"));

const callsIn = (path: string): number => {
  let calls = 1;
  for (let at = path.indexOf(","); at !== -1; at = path.indexOf(",", at + 1)) calls += 1;
  return calls;
};

/** tRPC would take forms and bytes too, which no procedure here has a use for and no limit bounds. */
const unsupported = (method: string, headers: Headers): TRPCError | null =>
  method === "GET" || /^application\/json\s*(?:;|$)/i.test(headers.get("content-type") ?? "")
    ? null
    : requestRefused({ code: "UnsupportedMediaType" });

const log = (c: Context<ServiceEnv>, error: TRPCError, path: string | undefined): void => {
  const { logger } = c.var;
  if (edgeError(error).status >= 500) logger.error({ err: error.cause ?? error, procedure: path }, "call failed");
  else logger.debug({ procedure: path, code: error.code }, "call refused");
};

const responseMeta = ({ errors }: { errors: readonly TRPCError[] }): ResponseMeta => {
  if (errors.length === 0) return {};
  const headers = new Headers();
  const told = errors.map(edgeError);
  const waits = told.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  if (waits.length > 0) headers.set("retry-after", String(Math.max(...waits)));
  const unknown = told.find(({ status }) => status === 401);
  if (unknown) headers.set("www-authenticate", challengeOf(unknown));
  return { headers };
};
