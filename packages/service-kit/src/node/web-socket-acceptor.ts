import type { AnyTRPCRouter, inferRouterContext } from "@trpc/server";
import { getWSConnectionHandler, type WSSHandlerOptions } from "@trpc/server/adapters/ws";
import { type CallContext, type CallSource, type ConnectionParams, withConnectionParams } from "../call-context.ts";
import { CORRELATION_HEADER, correlationIdOf } from "../correlation-id.ts";
import { edgeError } from "../edge-error.ts";
import type { Logger } from "../logger.ts";
import { requestLogger } from "../request-logger.ts";
import type { WebSocketConnection } from "./web-socket-connection.ts";
import type { WebSocketPeer } from "./web-socket-peer.ts";

export type WebSocketAcceptorOptions<Router extends AnyTRPCRouter> = {
  readonly router: Router;
  readonly createContext: (source: CallSource) => Promise<inferRouterContext<Router> & CallContext>;
  readonly logger: Logger;
  readonly maxBatchSize: number;
};

/** Gives a connection to tRPC's own handler, and the connection the context that its first message made. */
export const webSocketAcceptor = <Router extends AnyTRPCRouter>(options: WebSocketAcceptorOptions<Router>) => {
  const { router, createContext, logger, maxBatchSize } = options;
  const handle = getWSConnectionHandler({
    router,
    maxBatchSize,
    async createContext({ req, info }: { req: object; info: { connectionParams: ConnectionParams } }) {
      const { connection, peer } = req as HandledRequest;
      const context = await createContext(sourceOf(connection, info.connectionParams, logger));
      connection.call = context;
      return { ...context, connection: peer };
    },
    onError({ error, path, ctx }: { error: Error; path: string | undefined; ctx: CallContext | undefined }) {
      const { status, code } = edgeError(error);
      const log = ctx?.logger ?? logger;
      if (status >= 500) log.error({ err: error.cause ?? error, procedure: path }, "call failed");
      else log.debug({ procedure: path, code }, "call refused");
    },
    // The handler is typed for a server of `ws`, of which it uses nothing.
  } as unknown as WSSHandlerOptions<Router>);

  return (peer: WebSocketPeer, connection: WebSocketConnection): void => {
    const request: HandledRequest = { url: "/?connectionParams=1", headers: {}, connection, peer };
    handle(peer as never, request as never);
  };
};

/** What the handler reads of a request, and what we find in it again. */
type HandledRequest = {
  readonly url: string;
  readonly headers: object;
  readonly connection: WebSocketConnection;
  readonly peer: WebSocketPeer;
};

/** The params of the first message stand for the headers that a browser can't set. */
const sourceOf = ({ headers, remoteAddress }: WebSocketConnection, params: ConnectionParams, logger: Logger): CallSource => {
  const request = { header: (name: string) => headers.get(name) };
  const { req } = withConnectionParams({ req: request, var: { correlationId: "", logger } }, params);
  const correlationId = correlationIdOf(req.header(CORRELATION_HEADER));
  const forwardedFor = headers.get("x-forwarded-for");
  return { req, var: { correlationId, logger: requestLogger(logger, correlationId), remoteAddress, forwardedFor } };
};
