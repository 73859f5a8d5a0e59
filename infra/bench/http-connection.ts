import type { Socket } from "bun";

export type HttpConnection = {
  /** One at a time. @throws when the connection breaks or what comes is no HTTP/1.1. */
  send: (request: Uint8Array) => Promise<HttpResponse>;
  close: () => void;
};

export type HttpResponse = { status: number; raw: Buffer };

/**
 * As little HTTP/1.1 as a load needs, so that the client takes as little as it can of the machine that it measures:
 * `fetch` costs several times as much a request.
 */
export const openHttpConnection = async ({ hostname, port }: { hostname: string; port: number }): Promise<HttpConnection> => {
  let received: Buffer | undefined;
  let unsent: Uint8Array | undefined;
  let waiting: PromiseWithResolvers<HttpResponse> | undefined;
  let closed = false;
  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  const receive = (part: Buffer): void => {
    received = received === undefined ? part : Buffer.concat([received, part]);
    try {
      const response = parseResponse(received);
      if (response === undefined) return;
      received = undefined;
      waiting?.resolve(response);
      waiting = undefined;
    } catch (error) {
      fail(new Error("what came is no response", { cause: error }));
    }
  };
  const flush = (socket: Socket): void => {
    if (unsent === undefined) return;
    const written = socket.write(unsent);
    unsent = written < unsent.byteLength ? unsent.subarray(written) : undefined;
  };
  const socket = await Bun.connect({
    hostname,
    port,
    socket: {
      // Bun uses the part's memory again after this call.
      data: (_socket, part) => receive(Buffer.from(part)),
      drain: flush,
      error: (_socket, error) => fail(error),
      close: () => {
        closed = true;
        fail(new Error("the connection was closed"));
      },
    },
  });
  return {
    send: async (request) => {
      if (closed) throw new Error("the connection was closed");
      waiting = Promise.withResolvers();
      unsent = request;
      flush(socket);
      return waiting.promise;
    },
    close: () => socket.terminate(),
  };
};

/** Undefined while the response is not whole. */
export const parseResponse = (raw: Buffer): HttpResponse | undefined => {
  const headEnd = raw.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = raw.toString("latin1", 0, headEnd);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no HTTP/1.1: ${head.slice(0, 80)}`);
  const end = /\r\ntransfer-encoding: *chunked/i.test(head)
    ? endOfChunks(raw, headEnd + 4)
    : headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return end === undefined || raw.length < end ? undefined : { status, raw };
};

const endOfChunks = (raw: Buffer, from: number): number | undefined => {
  for (let at = from; ; ) {
    const lineEnd = raw.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(raw.toString("latin1", at, lineEnd), 16);
    if (size === 0) return lineEnd + 4;
    at = lineEnd + 2 + size + 2;
  }
};
