import { backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { serverSentEvents } from "./server-sent-events.ts";

export type FetchEventSourceInit = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Asked before every connection. */
  readonly headers: () => Promise<Record<string, string>>;
  readonly clock?: Pick<Clock, "wait">;
};

/**
 * Server-sent events over `fetch`: a browser's own `EventSource` can't send a token in a header, and other runtimes have none. tRPC's link
 * makes one with `new`, so this is a class.
 *
 * A connection that is lost is opened again behind the last event, after a wait with jitter. An answer that is no stream is for good,
 * unless the service is only away.
 */
export class FetchEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState = 0;
  readonly #url: string;
  readonly #init: FetchEventSourceInit;
  readonly #closing = new AbortController();
  #lastEventId = "";
  #failures = 0;

  constructor(url: string, init: FetchEventSourceInit) {
    super();
    this.#url = url;
    this.#init = init;
    void this.#run();
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const fault = await this.#connect(signal).catch(() => null);
      if (signal.aborted) return;
      this.readyState = fault === null ? this.CONNECTING : this.CLOSED;
      this.dispatchEvent(Object.assign(new Event("error"), { message: fault ?? "The connection was lost" }));
      if (fault !== null) return;
      await (this.#init.clock ?? systemClock).wait(backoffMs(++this.#failures), signal);
    }
  }

  /** Until the connection ends. @returns why there is no use in another one; null where there is. */
  async #connect(signal: AbortSignal): Promise<string | null> {
    const resume: Record<string, string> = this.#lastEventId === "" ? {} : { "last-event-id": this.#lastEventId };
    const headers = { ...(await this.#init.headers()), ...resume, accept: "text/event-stream" };
    const response = await this.#init.fetch(this.#url, { headers, signal, cache: "no-store" });
    const { status, body } = response;
    if (status !== 200 || !body || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
      await body?.cancel();
      return status >= 500 || status === 429 ? null : `The service answered with status ${status} and no stream`;
    }
    this.readyState = this.OPEN;
    for await (const { type, ...event } of serverSentEvents(body, this.#lastEventId)) {
      this.#failures = 0;
      this.#lastEventId = event.lastEventId;
      this.dispatchEvent(Object.assign(new Event(type), event));
    }
    return null;
  }
}
