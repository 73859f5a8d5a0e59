/** As much of Deno as is asked for here: `deno` has types of its own, which the other runtimes' would clash with. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen: (address: { port: number }) => void },
    handler: (request: Request) => Response | Promise<Response>,
  ): { shutdown(): Promise<void> };
};

export type ServeOptions = {
  /** What answers a request; a Hono app is one. */
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  readonly port: number;
  readonly hostname: string;
  /** Called at the stop: ends answers that would go on for ever. */
  readonly endStreams?: () => void;
  readonly onListen?: (address: { readonly port: number }) => void;
};

/** Serves an app over HTTP by Deno. Disposing it takes no more requests and waits for those under way. */
export const serve = ({ app, port, hostname, endStreams, onListen = () => {} }: ServeOptions): AsyncDisposable => {
  const server = Deno.serve({ port, hostname, onListen }, (request) => app.fetch(request));
  return {
    async [Symbol.asyncDispose]() {
      // It refuses whoever comes from now on, so that readers of streams who come again find another process.
      const stopped = server.shutdown();
      endStreams?.();
      await stopped;
    },
  };
};
