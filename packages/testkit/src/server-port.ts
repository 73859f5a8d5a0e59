import { createServer } from "node:net";

/**
 * A port of this machine's loopback that nothing listens on now: the preferred one where it is free, else one that is
 * most likely still free when a server is started on it again. The kernel gives out those above 32768 to whoever asks for any.
 */
export const serverPort = async (preferred?: number): Promise<number> => {
  if (preferred !== undefined && (await isFreePort(preferred))) return preferred;
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFreePort(port)) return port;
  }
};

const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Whether nothing listens on it now. */
export const isFreePort = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.on("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
};
