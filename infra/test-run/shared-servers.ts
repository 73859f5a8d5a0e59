/** What the test files of one run share. `url` tells a test where each server is, and starts it when it is asked for first. */
export type SharedServers = AsyncDisposable & { readonly url: string };

/** Names a server, starts it in this process and answers its address. */
export type ServerStarters = Record<string, () => Promise<string>>;

/**
 * Offers servers to the test processes of this run: a Kafka a test file would take longer than its tests. They end with
 * this process, however that comes about.
 */
export const shareServers = (starters: ServerStarters = testkit): SharedServers => {
  const started = new Map<string, Promise<string>>();
  const addressOf = (name: string, start: () => Promise<string>): Promise<string> => {
    const address = started.get(name) ?? start();
    started.set(name, address);
    return address;
  };
  const host = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request, server) {
      // Maven may have to fetch Kafka first.
      server.timeout(request, 0);
      const name = new URL(request.url).pathname.slice(1);
      const start = starters[name];
      if (!start) return new Response(`there is no ${name} to share`, { status: 404 });
      return addressOf(name, start).then(
        (address) => new Response(address),
        (error) => new Response(error instanceof Error ? error.message : String(error), { status: 503 }),
      );
    },
  });
  return { url: host.url.origin, [Symbol.asyncDispose]: () => host.stop(true) };
};

/** Imported when they are asked for: the runner itself starts before anything is installed. */
const testkit: ServerStarters = {
  kafka: async () => (await import("@cartwright/testkit/shared-kafka")).startSharedKafka(),
  redis: async () => (await import("@cartwright/testkit/shared-redis")).startSharedRedis(),
};
