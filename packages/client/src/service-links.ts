import { httpBatchLink, httpLink, httpSubscriptionLink, type Operation, splitLink, type TRPCLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { abortLink } from "./abort-link.ts";
import type { AccessToken } from "./access-token.ts";
import { authorization } from "./authorization.ts";
import { contextOf } from "./call-context.ts";
import { FetchEventSource } from "./fetch-event-source.ts";
import { ownAnswer } from "./foreign-answer.ts";
import { idempotencyLink } from "./idempotency-link.ts";
import { retryWhereSafe, retryWithNewToken } from "./retry-links.ts";
import { type Socket, socket } from "./socket.ts";
import { subscriptionLink } from "./subscription-link.ts";
import { tokenLink } from "./token-link.ts";
import { wire } from "./wire.ts";

export type ServiceLinksOptions = {
  /** Of the service's procedures. */
  readonly url: string;
  readonly token: AccessToken;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly WebSocket: typeof WebSocket | undefined;
  /** How long an answer may take. */
  readonly timeoutMs: number;
};

/** What a call goes through on its way to a service and back. */
export const serviceLinks = <Router extends AnyRouter>(
  options: ServiceLinksOptions,
): { links: TRPCLink<Router>[]; socket: Socket | undefined } => {
  const { url, token, fetch, WebSocket, timeoutMs } = options;
  const ws = WebSocket && socket({ url: url.replace(/^http/, "ws"), token, WebSocket });
  // The transformer is known to be one; the router's type says whether there is any.
  const http = {
    url,
    transformer: wire,
    fetch: async (input: RequestInfo | URL | string, init?: unknown) =>
      ownAnswer(await fetch(String(input), withTimeout(init as RequestInit, timeoutMs))),
  };
  const sse = httpSubscriptionLink<AnyRouter, typeof FetchEventSource>({
    url,
    transformer: wire,
    EventSource: FetchEventSource,
    eventSourceOptions: ({ op }) => ({
      fetch,
      headers: async () => {
        const context = contextOf(op);
        context.token = await token.get();
        return headersOf([op]);
      },
    }),
  });
  const links = [
    abortLink(),
    idempotencyLink(),
    retryWhereSafe(),
    retryWithNewToken(token),
    tokenLink(token),
    splitLink({
      condition: (op) => op.type === "subscription",
      true: subscriptionLink({ socket: ws, sse }),
      false: splitLink({
        condition: (op) => contextOf(op).alone === true,
        true: httpLink({ ...http, headers: ({ op }) => headersOf([op]) }),
        false: httpBatchLink({ ...http, maxItems: 50, maxURLLength: 4_000, headers: ({ opList }) => headersOf(opList) }),
      }),
    }),
  ];
  return { links: links as TRPCLink<Router>[], socket: ws };
};

/** Calls of one batch were begun in the same moment, with the same token. */
const headersOf = ([op]: readonly [Operation, ...Operation[]]): Record<string, string> => {
  const { token, correlationId } = contextOf(op);
  return { ...authorization(token), ...(correlationId && { "x-correlation-id": correlationId }) };
};

const withTimeout = (init: RequestInit, timeoutMs: number): RequestInit => {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { ...init, signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout };
};
