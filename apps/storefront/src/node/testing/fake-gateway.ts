import { type FakeSockets, fakeSockets } from "./fake-sockets.ts";

/** Stands in for the gateway: tells what reached it, and does what a test asks of it. */
export type FakeGateway = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Requests and handshakes that have reached it, by path. */
  readonly seen: string[];
  /** Sends an event to everyone who reads `/api/events`. */
  say(event: string): void;
  /** Readers of `/api/events` and of `/api/flood` that are still there. */
  readers(): number;
  /** Bytes that `/api/flood` has given. */
  flooded(): number;
  readonly sockets: FakeSockets;
};

/** `/api/echo`, `/api/events` (SSE), `/api/flood`, which never ends, and a WebSocket at `/trpc`. */
export const fakeGateway = ({ port = 0 }: { port?: number } = {}): FakeGateway => {
  const seen: string[] = [];
  const readers = new Set<ReadableStreamDefaultController>();
  const sockets = fakeSockets();
  let flooded = 0;
  let flooding = 0;

  const events = () =>
    new ReadableStream({
      start(controller) {
        readers.add(controller);
        // Bun sends the headers together with the first that is written.
        controller.enqueue(bytes(": here\n\n"));
      },
      cancel: () => readers.clear(),
    });
  const flood = () => {
    flooding++;
    return new ReadableStream({
      pull(controller) {
        flooded += CHUNK.length;
        controller.enqueue(CHUNK);
      },
      cancel: () => void flooding--,
    });
  };
  const server = Bun.serve<Headers>({
    port,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    fetch(request, own) {
      const { pathname } = new URL(request.url);
      seen.push(pathname);
      if (pathname === "/trpc" && own.upgrade(request, { data: request.headers })) return undefined;
      if (pathname === "/api/events") return new Response(events(), { headers: { "content-type": "text/event-stream" } });
      return pathname === "/api/flood" ? new Response(flood()) : echo(request);
    },
    websocket: sockets.handler,
  });
  return {
    ...{ url: server.url.origin, port: server.port ?? 0, seen, sockets },
    say: (event) => {
      for (const reader of readers) reader.enqueue(bytes(`data: ${event}\n\n`));
    },
    readers: () => readers.size + flooding,
    flooded: () => flooded,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
};

const echo = async (request: Request): Promise<Response> => {
  const { method, url, headers } = request;
  const said = { method, query: new URL(url).search, headers: headers.toJSON(), body: await request.text() };
  return Response.json(said, { status: 201, headers: { etag: '"7"', connection: "x-hop", "x-hop": "1" } });
};

const bytes = (text: string) => new TextEncoder().encode(text);
const CHUNK = new Uint8Array(65_536);
