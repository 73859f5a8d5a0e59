import { CONNECTION_LOST, closing, type SocketMessage, type UpstreamSocket } from "./upstream-socket.ts";

/** A browser's socket joined to one of the gateway's. */
export type Tunnel = {
  opened(browser: BrowserSocket): void;
  received(message: SocketMessage): void;
  /** What was queued for the browser has gone out. */
  drained(): void;
  closed(code: number, reason: string): void;
  /** Tells the browser something of our own, between two messages of the gateway's. */
  send(message: string): void;
  /** Ends both sides: the client connects anew. */
  cut(code: number, reason: string): void;
};

export type BrowserSocket = Bun.ServerWebSocket<Tunnel>;

export type TunnelLimits = {
  /** What may be queued for the gateway before the browser has to wait. */
  readonly sendLimitBytes: number;
  /** How long a side may take nothing before it is given up. */
  readonly patienceMs: number;
};

/**
 * Joins a browser's socket to the gateway's. A side that reads more slowly than the other one writes makes that one wait, so no more than
 * what was under way is kept here. One that stops reading is cut off, and resumes where it was once it connects anew.
 */
export const tunnelTo = (gateway: UpstreamSocket, { sendLimitBytes, patienceMs }: TunnelLimits): Tunnel => {
  const early: SocketMessage[] = [];
  let browser: BrowserSocket | undefined;
  let patience: Timer | undefined;
  let isCut = false;

  const waitFor = (ms: number, then: () => void): void => {
    clearTimeout(patience);
    patience = setTimeout(then, ms).unref();
  };
  const cut = (code: number, reason: string): void => {
    browser?.close(code, reason);
    gateway.close(code, reason);
    if (isCut) return;
    isCut = true;
    // An end that does not answer is not waited for.
    waitFor(CLOSE_MS, () => {
      browser?.terminate();
      gateway.terminate();
    });
  };
  const toBrowser = (message: SocketMessage) => {
    const sent = browser?.send(message);
    if (sent === 0) return cut(1013, "too slow");
    if (sent !== -1 || gateway.isPaused) return;
    gateway.pause();
    if (!isCut) waitFor(patienceMs, () => cut(1013, "too slow"));
  };

  gateway.addEventListener("message", ({ data }: MessageEvent<SocketMessage>) => {
    if (browser) toBrowser(data);
    else early.push(data);
  });
  gateway.addEventListener("close", ({ code, reason }) => browser?.close(...closing(code, reason)));
  return {
    opened(socket) {
      browser = socket;
      if (gateway.readyState !== WebSocket.OPEN) return cut(...CONNECTION_LOST);
      for (const message of early.splice(0)) toBrowser(message);
    },
    received(message) {
      if (gateway.readyState !== WebSocket.OPEN) return;
      gateway.send(message);
      if (browser && gateway.bufferedAmount > sendLimitBytes) makeWait(browser, gateway, { sendLimitBytes, patienceMs, giveUp: cut });
    },
    drained() {
      if (!isCut) clearTimeout(patience);
      gateway.resume();
    },
    closed(code, reason) {
      if (!isCut) clearTimeout(patience);
      gateway.resume();
      gateway.close(...closing(code, reason));
    },
    send: (message) => {
      if (browser?.readyState === WebSocket.OPEN) toBrowser(message);
    },
    cut,
  };
};

type Waiting = TunnelLimits & { readonly giveUp: Tunnel["cut"] };

/** A client's socket, unlike a server's, does not tell when it has drained: it is asked. */
const makeWait = (browser: BrowserSocket, gateway: UpstreamSocket, { sendLimitBytes, patienceMs, giveUp }: Waiting): void => {
  if (browser.isPaused) return;
  browser.pause();
  const deadline = performance.now() + patienceMs;
  const look = () => {
    if (browser.readyState !== WebSocket.OPEN) return;
    if (gateway.bufferedAmount <= sendLimitBytes / 2) return browser.resume();
    if (performance.now() > deadline) return giveUp(1013, "the service is too slow");
    setTimeout(look, LOOK_MS);
  };
  setTimeout(look, LOOK_MS);
};

const LOOK_MS = 20;
const CLOSE_MS = 2_000;
