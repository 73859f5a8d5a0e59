/**
 * As much of a browser's `EventSource` as tRPC's client uses, for Bun, which has none. It comes again after a few milliseconds, with the
 * last id that it was told.
 */
export class TestEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState = 0;
  readonly url: string;
  readonly #closing = new AbortController();
  #lastEventId = "";

  constructor(url: string) {
    super();
    this.url = url;
    void this.#run();
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#read().catch(() => {});
      if (signal.aborted) return;
      this.readyState = this.CONNECTING;
      this.dispatchEvent(new Event("error"));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    }
  }

  async #read(): Promise<void> {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (this.#lastEventId !== "") headers["last-event-id"] = this.#lastEventId;
    const { ok, body } = await fetch(this.url, { headers, signal: this.#closing.signal });
    if (!ok || !body) throw new Error("no stream");
    this.readyState = this.OPEN;
    this.dispatchEvent(new Event("open"));
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) if (!this.#closing.signal.aborted) this.#dispatch(block);
    }
  }

  #dispatch(block: string): void {
    const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
    const id = fields.get("id");
    if (id !== undefined) this.#lastEventId = id;
    const data = fields.get("data");
    if (data !== undefined)
      this.dispatchEvent(new MessageEvent(fields.get("event") ?? "message", { data, lastEventId: this.#lastEventId }));
  }
}
