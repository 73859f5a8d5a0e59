import { EventEmitter } from "node:events";
import type { CallConnection } from "../subscription.ts";

/** One WebSocket: what tRPC's adapter for `ws` uses of a socket, over one of Bun's, within bounds. */
export type WebSocketPeer = CallConnection & {
  readonly readyState: number;
  on(event: "message" | "close" | "error", listener: (...data: unknown[]) => void): void;
  once(event: "close", listener: () => void): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  terminate(): void;

  /** To be called by Bun's handlers. */
  readonly received: (message: string | Buffer) => void;
  readonly drained: () => void;
  readonly closed: () => void;
  /** Since when the client has not read what waits for it, in `performance.now()`; undefined while nothing waits. */
  stalledSince(): number | undefined;
};

export type WebSocketPeerOptions = {
  readonly socket: Pick<Bun.ServerWebSocket, "readyState" | "send" | "close" | "terminate" | "getBufferedAmount">;
  readonly maxSubscriptions: number;
  /** Subscriptions pause while more than this waits for the client. */
  readonly pauseAtBytes: number;
  /** Told when the client was cut off, since it read so little that more could not wait for it. */
  readonly onOverflow: () => void;
};

export const webSocketPeer = ({ socket, maxSubscriptions, pauseAtBytes, onOverflow }: WebSocketPeerOptions): WebSocketPeer => {
  const events = new EventEmitter();
  let subscriptions = 0;
  let stalledSince: number | undefined;
  let writable: PromiseWithResolvers<void> | undefined;

  const resume = () => {
    writable?.resolve();
    writable = undefined;
  };
  return {
    maxSubscriptions,
    get readyState() {
      return socket.readyState;
    },
    on: (event, listener) => void events.on(event, listener),
    once: (event, listener) => void events.once(event, listener),
    send(data) {
      const sent = socket.send(data);
      if (sent === -1) stalledSince ??= performance.now();
      // Dropped: without this message the client would miss something. It is to come again and say what it has.
      if (sent === 0 && socket.readyState === OPEN) {
        onOverflow();
        socket.terminate();
      }
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    subscribe() {
      if (subscriptions >= maxSubscriptions) return null;
      subscriptions += 1;
      return {
        [Symbol.dispose]() {
          subscriptions -= 1;
        },
      };
    },
    writable() {
      if (socket.readyState !== OPEN || socket.getBufferedAmount() <= pauseAtBytes) return undefined;
      writable ??= Promise.withResolvers();
      return writable.promise;
    },
    stalledSince: () => stalledSince,
    // The adapter knows messages as `ws` hands them over.
    received: (message) => void events.emit("message", Buffer.from(message), typeof message !== "string"),
    drained() {
      const waiting = socket.getBufferedAmount();
      stalledSince = waiting === 0 ? undefined : performance.now();
      if (waiting <= pauseAtBytes) resume();
    },
    closed() {
      events.emit("close");
      resume();
    },
  };
};

const OPEN = 1;
