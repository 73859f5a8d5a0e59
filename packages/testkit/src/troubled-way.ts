import { connect, createServer, type Socket } from "node:net";
import type { Options } from "postgres";

export type TroubledWay = AsyncDisposable & {
  /** Of this machine's loopback. */
  readonly port: number;
  hadTrouble(): boolean;
};

export type Trouble = {
  /** It comes when a client says something like this; once. */
  readonly when: RegExp;
  /** `break`: its words are lost and the connection with them. `freeze`: they still get there, and nothing that it says after them. */
  readonly what: "break" | "freeze";
};

/** A way to a PostgreSQL that gets into trouble in the middle of what a client says to it. */
export const troubledWay = async (to: Options<Record<string, never>>, { when, what }: Trouble): Promise<TroubledWay> => {
  let hadTrouble = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connectTo(to);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    let isFrozen = false;
    server.pipe(client);
    client.on("data", (said) => {
      if (isFrozen) return;
      const hasTrouble = !hadTrouble && when.test(said.toString("latin1"));
      hadTrouble ||= hasTrouble;
      isFrozen = hasTrouble;
      if (!hasTrouble || what === "freeze") return void server.write(said);
      client.resetAndDestroy();
      server.destroy();
    });
    client.on("close", () => server.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    hadTrouble: () => hadTrouble,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => proxy.close(closed));
    },
  };
};

/** A socket to a PostgreSQL, wherever it listens. */
export const connectTo = ({ host, port }: Options<Record<string, never>>): Socket => {
  const [where, which] = [String(host ?? "localhost"), Number(port ?? 5432)];
  return where.startsWith("/") ? connect(`${where}/.s.PGSQL.${which}`) : connect(which, where);
};
