import { createServer } from "node:net";

/**
 * A port of this machine's loopback that nothing listens on now: the preferred one where it is free, else one that is
 * most likely still free when a server is started on it. The kernel gives those above 32768 to whoever asks for any, and
 * no two calls of one process are answered the same.
 */
export const freePort = async (preferred?: number): Promise<number> => {
  if (preferred !== undefined && (await isFreePort(preferred))) return preferred;
  for (;;) {
    next = next < HIGHEST ? next + 1 : LOWEST;
    const port = next;
    if (await isFreePort(port)) return port;
  }
};

const LOWEST = 15_000;
const HIGHEST = 32_000;
/** Other processes look for ports too, and start elsewhere. */
let next = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));

/** Whether nothing listens on it now. */
export const isFreePort = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.on("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
};
