/** Sockets of a fake gateway: each echoes, but for `flood`, `headers`, `rest` and `close <code>`, which it does. */
export type FakeSockets = {
  readonly handler: Bun.WebSocketHandler<Headers>;
  /** That are open. */
  count(): number;
  /** Bytes that they have brought. */
  received(): number;
  /** Bytes that they have been given in floods. */
  flooded(): number;
  /** Those that rest read on. */
  wake(): void;
};

export const fakeSockets = (): FakeSockets => {
  const sockets = new Set<Bun.ServerWebSocket<Headers>>();
  let received = 0;
  let flooded = 0;

  const flood = (socket: Bun.ServerWebSocket<Headers>) => {
    while (socket.readyState === WebSocket.OPEN && socket.sendBinary(CHUNK) > 0) flooded += CHUNK.length;
  };
  const obey = (socket: Bun.ServerWebSocket<Headers>, order: string) => {
    if (order === "flood") return flood(socket);
    if (order === "rest") return socket.pause();
    if (order === "headers") return socket.send(JSON.stringify(socket.data.toJSON()));
    return order.startsWith("close ") ? socket.close(Number(order.slice(6)), "as asked") : socket.send(order);
  };

  return {
    handler: {
      open: (socket) => void sockets.add(socket),
      close: (socket) => void sockets.delete(socket),
      drain: flood,
      message(socket, message) {
        received += message.length;
        if (typeof message === "string") obey(socket, message);
        else socket.send(message);
      },
    },
    count: () => sockets.size,
    received: () => received,
    flooded: () => flooded,
    wake: () => {
      for (const socket of sockets) socket.resume();
    },
  };
};

const CHUNK = new Uint8Array(65_536);
