import type { CallContext } from "./call-context.ts";
import { requestRefused } from "./request-refusal.ts";

/** A connection that carries many calls, such as a WebSocket. */
export type CallConnection = {
  /** Takes one of the connection's places for subscriptions; null where there is none left. It is given back when disposed. */
  subscribe(): Disposable | null;
  readonly maxSubscriptions: number;
  /** Resolves when what was sent has left for the client, as far as more may be sent. Undefined: more may be sent now. */
  writable(): Promise<void> | undefined;
};

/**
 * What a subscription yields, for as long as its caller may have it: it ends with the denial as soon as the caller's token
 * has expired or was revoked, whether anything is yielded or not. What `open` answers is to end with the signal that it is
 * given; it is asked for nothing while the client does not read.
 *
 * @throws {TRPCError} the denial; and `TooManySubscriptions` where the connection has no place left.
 */
export async function* subscription<Message>(
  call: CallContext,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => AsyncIterable<Message> | Promise<AsyncIterable<Message>>,
): AsyncGenerator<Message, void> {
  const { connection, principal } = call;
  using place = connection?.subscribe() ?? null;
  if (connection && !place) throw requestRefused({ code: "TooManySubscriptions", limit: connection.maxSubscriptions });

  const ending = new AbortController();
  const denial = () => principal && call.recheck?.(principal);
  const recheck = setInterval(() => denial() && end(), RECHECK_MS);
  const end = () => {
    // Here, too: whoever does not ask for more may never ask again.
    clearInterval(recheck);
    ending.abort();
  };
  signal?.addEventListener("abort", end);
  try {
    if (signal?.aborted) return;
    for await (const message of await open(ending.signal)) {
      await connection?.writable();
      if (ending.signal.aborted) break;
      const denied = denial();
      if (denied) throw denied;
      yield message;
    }
    const denied = denial();
    if (denied) throw denied;
  } finally {
    signal?.removeEventListener("abort", end);
    end();
  }
}

/** How long a quiet subscription may outlive its token. */
const RECHECK_MS = 1_000;
