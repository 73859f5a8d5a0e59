import { createRequire } from "node:module";
import { expect, test, vi } from "vitest";

/** Of the driver's own parts, which have no types: see `patches/README.md`. */
const kafkajs = createRequire(import.meta.resolve("kafkajs"));
const Record = kafkajs("./src/protocol/recordBatch/record/v0/index.js");
const Decoder = kafkajs("./src/protocol/decoder.js");
const decodeRecord = kafkajs("./src/protocol/recordBatch/record/v0/decoder.js");
const groupMessages = kafkajs("./src/producer/groupMessagesPerPartition.js");

const record = (headers: object) => Record({ offsetDelta: 3, timestampDelta: 5, key: "cart-1", value: Buffer.from("{}"), headers });

test("a message's headers are read as they were written: text, bytes, several of one name, many, none", () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`header-${n}`, `${n}-Gerät-🛒`]));
  for (const headers of [{}, { type: "Counted" }, { bytes: Buffer.from([0, 255]), twice: ["one", "two"] }, many]) {
    const decoder = new Decoder(record(headers).buffer);
    decoder.readVarInt(); // its length
    const read = decodeRecord(decoder, { firstOffset: "0", firstTimestamp: "0", batchContext: {} });
    const texts = Object.entries(read.headers).map(([name, value]) => [name, [value].flat().map(String)]);
    expect(texts).toEqual(Object.entries(headers).map(([name, value]) => [name, [value].flat().map(String)]));
    expect(String(read.key)).toBe("cart-1");
  }
});

test("a message is written into one buffer, however many headers it has", () => {
  const headers = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`header-${n}`, "x".repeat(36)]));
  const allocate = vi.spyOn(Buffer, "alloc");
  try {
    record(headers);
    expect(allocate).toHaveBeenCalledTimes(1);
  } finally {
    allocate.mockRestore();
  }
});

test("messages are put to their partitions in their order, in time that grows with their number and not with its square", () => {
  const messages = Array.from({ length: 20_000 }, (_, n) => ({ n }));
  const push = vi.spyOn(Array.prototype, "push");
  try {
    const grouped = groupMessages({
      topic: "cart.events",
      partitionMetadata: [{}],
      messages,
      partitioner: ({ message }: { message: { n: number } }) => message.n % 2,
    });
    expect(push).toHaveBeenCalledTimes(messages.length);
    expect(grouped[1].map(({ n }: { n: number }) => n)).toEqual(messages.filter(({ n }) => n % 2 === 1).map(({ n }) => n));
  } finally {
    push.mockRestore();
  }
});
