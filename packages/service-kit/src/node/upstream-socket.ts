/** Bun's own, which can be made to wait; the compiler knows the browser's by that name. */
export type UpstreamSocket = Bun.WebSocket;

export type SocketMessage = string | Uint8Array<ArrayBuffer>;

export type ConnectOptions = { readonly headers: Headers; readonly signal: AbortSignal; readonly timeoutMs: number };

/** Opens a socket; null where the other side refuses, is away, or takes too long. */
export const connectSocket = (url: URL, { headers, signal, timeoutMs }: ConnectOptions): Promise<UpstreamSocket | null> => {
  const { promise, resolve } = Promise.withResolvers<UpstreamSocket | null>();
  const socket = new BunWebSocket(url, { headers: headers.toJSON(), perMessageDeflate: false });
  const decide = (opened: boolean): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
    socket.onclose = null;
    if (!opened) socket.terminate();
    resolve(opened ? socket : null);
  };
  const giveUp = () => decide(false);
  const timer = setTimeout(giveUp, timeoutMs);
  signal.addEventListener("abort", giveUp);
  socket.onopen = () => decide(true);
  socket.onclose = giveUp;
  return promise;
};

/** The code and reason with which one side closed, as they may be told to the other: some codes only ever stand for an absence. */
export const closing = (code: number, reason: string): [code: number, reason: string] => {
  const sendable = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  return sendable ? [code, reason] : CONNECTION_LOST;
};

/** Service restart: come again. */
export const CONNECTION_LOST: [code: number, reason: string] = [1012, "the connection behind this one was lost"];

const BunWebSocket = WebSocket as unknown as new (url: URL, options: Bun.WebSocketOptions) => UpstreamSocket;
