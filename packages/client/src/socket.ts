import { createWSClient, type TRPCWebSocketClient } from "@trpc/client";
import type { AccessToken } from "./access-token.ts";
import { authorization } from "./authorization.ts";
import { backoffMs } from "./backoff.ts";

/** The one WebSocket of a service, opened while a subscription needs it. */
export type Socket = {
  client(): TRPCWebSocketClient;
  /** The token that the service was told last. */
  token(): string | null;
  /** Speaks for nobody any more: its subscriptions end, and the next one opens another socket. */
  retire(client?: TRPCWebSocketClient): void;
};

export type SocketOptions = {
  readonly url: string;
  readonly token: AccessToken;
  readonly WebSocket: typeof WebSocket;
};

export const socket = ({ url, token, WebSocket }: SocketOptions): Socket => {
  let current: TRPCWebSocketClient | undefined;
  let used: string | null = null;
  const open = () =>
    createWSClient({
      url,
      WebSocket,
      // Sent as the first message: what stands in a URL is written to logs.
      connectionParams: async () => {
        used = await token.get();
        return authorization(used);
      },
      onClose: (cause) => {
        if (cause?.code === unauthorized) token.reject(used);
      },
      lazy: { enabled: true, closeMs: 1_000 },
      keepAlive: { enabled: true, intervalMs: 10_000, pongTimeoutMs: 5_000 },
      retryDelayMs: (attempt) => backoffMs(attempt + 1),
    });
  return {
    client: () => {
      current ??= open();
      return current;
    },
    token: () => used,
    retire: (client = current) => {
      if (client === current) current = undefined;
      void client?.close();
    },
  };
};

/** What the service closes a socket with whose token is no longer good. */
const unauthorized = 4401;
