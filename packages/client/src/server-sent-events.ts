export type ServerSentEvent = {
  readonly type: string;
  readonly data: string;
  /** The last one that the stream has named. */
  readonly lastEventId: string;
};

/** The events of a stream in the format of the HTML standard, section 9.2.6. Ends when the stream does, or fails with it. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>, lastEventId = ""): AsyncGenerator<ServerSentEvent, void> {
  let id = lastEventId;
  let type = "";
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { type: type || "message", data: data.join("\n"), lastEventId: id };
      type = "";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") data.push(value);
    else if (field === "event") type = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  // Not iterated, which Safari can't.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    let rest = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      rest += decoder.decode(chunk.value, { stream: true });
      // A CR at the end may be the first half of a CRLF.
      const end = Math.max(rest.lastIndexOf("\n"), rest.slice(0, -1).lastIndexOf("\r")) + 1;
      const lines = rest.slice(0, end).split(/\r\n|\n|\r/);
      rest = rest.slice(end);
      yield* lines.slice(0, -1);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
