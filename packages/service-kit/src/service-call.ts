import superjson from "superjson";

export type ServiceCallOptions = {
  /** Of the service, without a path. */
  readonly url: string;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly timeoutMs?: number;
  /** Aborted when the process is to stop: from then on no answer is waited for for long. */
  readonly signal?: AbortSignal;
};

/** A service did not answer, or not with what was asked for; the same call may be made again. */
export class ServiceAway extends Error {
  override readonly name = "ServiceAway";
  readonly retryable = true;
}

type Call = { readonly path: string; readonly input: unknown; readonly token?: string };

/**
 * Procedures of another service over its tRPC. What is answered is as that service's release has it: whoever calls parses it.
 */
export const serviceCalls = ({ url, fetch = globalThis.fetch, timeoutMs = 10_000, signal: stop }: ServiceCallOptions) => {
  const ask = async (path: string, init: RequestInit, token: string | undefined): Promise<unknown> => {
    const name = path.split("?")[0];
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    using limit = timeLimit(timeoutMs, stop);
    try {
      const response = await fetch(`${url.replace(/\/$/, "")}/trpc/${path}`, { ...init, headers, signal: limit.signal });
      const body: unknown = await response.json();
      if (!response.ok) throw new ServiceAway(`${name} at ${url} answered ${response.status}`);
      // tRPC's envelope of a single call.
      return superjson.deserialize((body as { result: { data: Parameters<typeof superjson.deserialize>[0] } }).result.data);
    } catch (cause) {
      throw cause instanceof ServiceAway ? cause : new ServiceAway(`${name} at ${url} got no answer`, { cause });
    }
  };
  return {
    query: ({ path, input, token }: Call) =>
      ask(`${path}?input=${encodeURIComponent(superjson.stringify(input))}`, { method: "GET" }, token),
    mutate: ({ path, input, token }: Call) => ask(path, { method: "POST", body: superjson.stringify(input) }, token),
  };
};

/** Aborts after `timeoutMs`, and at the stop of the process soon: a service that hangs must not keep another one from ending. */
const timeLimit = (timeoutMs: number, stop: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } => {
  const over = new AbortController();
  const end = () => over.abort(new DOMException("it took too long", "TimeoutError"));
  const timers = [setTimeout(end, timeoutMs)];
  const hurry = () => timers.push(setTimeout(end, Math.min(timeoutMs, STOP_MS)));
  if (stop?.aborted) hurry();
  stop?.addEventListener("abort", hurry);
  return {
    signal: over.signal,
    [Symbol.dispose]() {
      stop?.removeEventListener("abort", hurry);
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

const STOP_MS = 2_000;
