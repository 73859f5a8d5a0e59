import type { JsonObject, RecordedEvent } from "@cartwright/event-log/event-log";
import type { IHeaders } from "kafkajs";

/** An event on its way: the key is its stream, the headers are its place in the log, the value is the event as JSON. */
export type EventMessage = {
  key: string;
  value: Buffer;
  headers: Record<string, string>;
  /** When it was recorded, in milliseconds: retention counts from there. */
  timestamp: string;
};

/** The only position in the system; the same one whether an event came from PostgreSQL or from Kafka. */
export type EventPlace = { epoch: string; shard: number; position: bigint };

export const encodeMessage = (event: RecordedEvent, epoch: string): EventMessage => {
  const { shard, position, ...value } = event;
  const { correlationId, causationId, traceparent } = event.metadata;
  return {
    key: event.streamId,
    value: Buffer.from(JSON.stringify(value)),
    headers: {
      epoch,
      shard: String(shard),
      position: String(position),
      "event-id": event.eventId,
      type: event.type,
      "schema-version": String(event.schemaVersion),
      ...(typeof correlationId === "string" && { "correlation-id": correlationId }),
      ...(typeof causationId === "string" && { "causation-id": causationId }),
      ...(typeof traceparent === "string" && { traceparent }),
    },
    timestamp: String(event.recordedAt.getTime()),
  };
};

/** Where the message says that its event stands; null where it is none of ours. */
export const placeOf = (headers: IHeaders | undefined): EventPlace | null => {
  const epoch = textOf(headers?.epoch);
  const shard = textOf(headers?.shard);
  const position = textOf(headers?.position);
  if (!epoch || !wholeNumber.test(shard) || !wholeNumber.test(position)) return null;
  return { epoch, shard: Number(shard), position: BigInt(position) };
};

/** Null where the value is not an event. The owner's log has it then, since nothing gets into a log that is not. */
export const decodeEvent = (value: Buffer | null, { shard, position }: EventPlace): RecordedEvent | null => {
  const event = parse(value);
  if (!isRecord(event)) return null;
  const { eventId, type, schemaVersion, streamId, version, data, metadata } = event;
  const recordedAt = new Date(String(event.recordedAt));
  const isWhole =
    typeof eventId === "string" &&
    typeof type === "string" &&
    typeof schemaVersion === "number" &&
    typeof streamId === "string" &&
    typeof version === "number" &&
    isRecord(data) &&
    isRecord(metadata) &&
    !Number.isNaN(recordedAt.getTime());
  return isWhole ? { eventId, type, schemaVersion, data, metadata, streamId, version, shard, position, recordedAt } : null;
};

const wholeNumber = /^\d{1,19}$/;

const textOf = (header: IHeaders[string]): string => {
  const first = Array.isArray(header) ? header[0] : header;
  return first === undefined ? "" : first.toString();
};

const parse = (value: Buffer | null): unknown => {
  try {
    return value === null ? null : JSON.parse(value.toString());
  } catch {
    return null;
  }
};

/** What came out of `JSON.parse` and is an object holds nothing but JSON. */
const isRecord = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
