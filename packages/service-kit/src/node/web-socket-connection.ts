import type { CallContext } from "../call-context.ts";
import type { WebSocketPeer } from "./web-socket-peer.ts";

/** The state of one WebSocket, which Bun keeps as its `data`. */
export type WebSocketConnection = {
  /** Those of the upgrade that are still of use. */
  readonly headers: ReadonlyMap<string, string>;
  /** The other end, where it is known. */
  readonly remoteAddress: string | undefined;
  readonly openedAt: number;
  peer?: WebSocketPeer;
  /** Once the first message has said who it is. */
  call?: CallContext;
  deniedAt?: number;
};

export type WebSocketLimits = {
  readonly maxConnections: number;
  /** On one connection. */
  readonly maxSubscriptions: number;
  /** Calls in one message. */
  readonly maxBatchSize: number;
  readonly maxMessageBytes: number;
  /** Subscriptions pause while more than this waits for the client. */
  readonly pauseAtBytes: number;
  /** One for whom more than this waits is cut off. */
  readonly maxQueuedBytes: number;
  /** One who reads nothing for so long, while something waits, is cut off. */
  readonly stalledMs: number;
  /** Within which the first message has to say who it is. */
  readonly firstMessageMs: number;
  /** How long after it was refused a caller is disconnected: longer than a subscription takes to notice, so that each is told before. */
  readonly deniedMs: number;
  /** How often all connections are looked after. */
  readonly sweepMs: number;
};

export const webSocketLimits: WebSocketLimits = {
  maxConnections: 10_000,
  maxSubscriptions: 50,
  maxBatchSize: 50,
  maxMessageBytes: 1_048_576,
  pauseAtBytes: 262_144,
  maxQueuedBytes: 8 * 1_048_576,
  stalledMs: 30_000,
  firstMessageMs: 5_000,
  deniedMs: 2_000,
  sweepMs: 1_000,
};

/** Why a connection is to be ended now; undefined: it is not. Asked at every sweep. */
export const whyToEnd = (
  connection: WebSocketConnection,
  { firstMessageMs, deniedMs, stalledMs }: WebSocketLimits,
): "unidentified" | "unauthorized" | "unavailable" | "stalled" | undefined => {
  const now = performance.now();
  const { call, openedAt, peer } = connection;
  if (call === undefined) return now - openedAt > firstMessageMs ? "unidentified" : undefined;
  if (now - (peer?.stalledSince() ?? now) > stalledMs) return "stalled";
  if (call.denial ?? (call.principal && call.recheck?.(call.principal))) connection.deniedAt ??= now;
  if (now - (connection.deniedAt ?? now) < deniedMs) return undefined;
  return call.denial?.code === "SERVICE_UNAVAILABLE" ? "unavailable" : "unauthorized";
};
