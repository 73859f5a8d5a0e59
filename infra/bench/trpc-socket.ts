/** As much of tRPC over a WebSocket as a load needs, so that the client takes little of the machine that it measures. */
export type TrpcSocket = {
  /** Answers the JSON of the result. @throws what the service refused it for, or why the connection ended. */
  mutate: (path: string, input: object) => Promise<unknown>;
  /** Resolves when it has begun. Each message is told with its id. */
  subscribe: (path: string, input: object, onMessage: (id: string) => void) => Promise<void>;
  close: () => void;
};

type Call = { resolve: (data: unknown) => void; reject: (error: Error) => void; onMessage?: (id: string) => void };

export const openTrpcSocket = async ({ origin, authorization }: { origin: string; authorization: string }): Promise<TrpcSocket> => {
  const socket = new WebSocket(`${origin.replace(/^http/, "ws")}/trpc?connectionParams=1`);
  const calls = new Map<number, Call>();
  const opened = Promise.withResolvers<void>();
  let lastId = 0;
  let ended: Error | undefined;

  socket.onopen = () => {
    socket.send(JSON.stringify({ method: "connectionParams", data: { authorization } }));
    opened.resolve();
  };
  socket.onclose = ({ code, reason }) => {
    ended = new Error(`the connection was closed: ${code} ${reason}`);
    opened.reject(ended);
    for (const { reject } of calls.values()) reject(ended);
  };
  socket.onmessage = ({ data }) => {
    const { id, result, error }: Answer = JSON.parse(data);
    const call = calls.get(id);
    if (error) call?.reject(new Error(JSON.stringify(error.json ?? error)));
    else if (result?.type === "started") call?.resolve(undefined);
    else if (result?.id !== undefined) call?.onMessage?.(result.id);
    else call?.resolve(result?.data?.json);
  };
  await opened.promise;

  const send = (method: string, path: string, { input, onMessage }: { input: object; onMessage?: (id: string) => void }) => {
    if (ended) return Promise.reject(ended);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    lastId += 1;
    calls.set(lastId, { resolve, reject, ...(onMessage && { onMessage }) });
    socket.send(JSON.stringify({ id: lastId, method, params: { path, input: { json: input } } }));
    return promise;
  };
  return {
    async mutate(path, input) {
      const id = lastId + 1;
      try {
        return await send("mutation", path, { input });
      } finally {
        calls.delete(id);
      }
    },
    subscribe: async (path, input, onMessage) => void (await send("subscription", path, { input, onMessage })),
    close: () => socket.close(),
  };
};

type Answer = {
  id: number;
  result?: { type?: string; id?: string; data?: { json?: unknown } };
  error?: { json?: unknown };
};
