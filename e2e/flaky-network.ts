import { connect, createServer, type Socket } from "node:net";

export type FlakyNetwork = AsyncDisposable & {
  readonly port: number;
  /** How many connections have been made. */
  connections(): number;
  /** Breaks every connection that there is, in the middle of whatever it carries. */
  cut(): void;
};

/** A way to servers on these ports, where each connection may get to any of them and breaks when a test says so. */
export const flakyNetwork = async (ports: readonly number[]): Promise<FlakyNetwork> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  const proxy = createServer((near) => {
    const far = connect(ports[connections % ports.length] ?? 0, "127.0.0.1");
    connections += 1;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => connections,
    cut,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      cut();
      await closed;
    },
  };
};
