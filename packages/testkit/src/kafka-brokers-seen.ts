import { connect } from "node:net";

/**
 * Asks one broker which brokers of its cluster take requests, and answers their ids. This is Kafka's own protocol on a
 * bare socket, so that whether a broker is there depends on no client library.
 *
 * @throws when it does not answer.
 */
export const kafkaBrokersSeen = async (port: number, timeoutMs = 2_000): Promise<readonly number[]> => {
  const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
  const socket = connect({ host: "127.0.0.1", port });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
  socket.on("connect", () => socket.write(METADATA_REQUEST));
  socket.on("error", reject);
  socket.on("close", () => reject(new Error("the connection was closed")));
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) resolve(brokerIds(received));
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
};

/** Metadata, version 6: `size api_key api_version correlation_id client_id [topics] allow_auto_topic_creation`. */
const METADATA_REQUEST = Buffer.from("0000000f" + "0003" + "0006" + "00000001" + "ffff" + "00000000" + "00", "hex");

/** `size correlation_id throttle_time_ms [node_id host port rack] …` */
const brokerIds = (response: Buffer): readonly number[] => {
  const ids: number[] = [];
  let at = 12;
  const skipText = () => {
    at += 2 + Math.max(0, response.readInt16BE(at));
  };
  const count = response.readInt32BE(at);
  at += 4;
  for (let read = 0; read < count; read += 1) {
    ids.push(response.readInt32BE(at));
    at += 4;
    skipText();
    at += 4;
    skipText();
  }
  return ids;
};
