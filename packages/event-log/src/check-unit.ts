import { AppendRejected } from "./errors.ts";
import type { AppendUnit, NewEvent } from "./event-log.ts";

/**
 * An event's data and metadata together, as JSON in UTF-8. A Kafka broker takes a message of 1,048,588 bytes with all that is around it,
 * unless it is told otherwise, and what begins the checkout of the largest cart is about 640,000.
 */
export const maxEventBytes = 1_000_000;
const maxIdLength = 512;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An event with its JSON, written once and reused by the adapter. */
export type CheckedEvent = { event: NewEvent; dataJson: string; metadataJson: string };

/**
 * What PostgreSQL can't hold would take a whole batch with it, so it is refused before it gets there.
 * @throws {AppendRejected}
 */
export const checkUnit = (unit: AppendUnit): readonly (readonly CheckedEvent[])[] => {
  const firstStream = unit.streams[0];
  const counted = unit.commands.reduce((sum, command) => sum + command.eventCount, 0);
  if (counted !== firstStream.events.length)
    throw new AppendRejected("the commands' event counts do not add up to the first stream's events");
  if (new Set(unit.streams.map((stream) => stream.streamId)).size !== unit.streams.length)
    throw new AppendRejected("a stream is named twice in one unit");
  for (const command of unit.commands) {
    checkId("key", command.key);
    if (command.fingerprint === "") throw new AppendRejected(`the fingerprint of ${command.key} is empty`);
    checkText(`fingerprint of ${command.key}`, command.fingerprint);
    if (command.answer !== undefined) checkJson(`answer of ${command.key}`, JSON.stringify(command.answer));
  }
  for (const claim of unit.claims ?? []) {
    checkId("claim", claim.key);
    if (claim.kind !== "count") checkId("holder", claim.holder);
  }
  return unit.streams.map((stream) => {
    checkId("stream id", stream.streamId);
    return stream.events.map(checkEvent);
  });
};

const checkEvent = (event: NewEvent): CheckedEvent => {
  const dataJson = JSON.stringify(event.data);
  const metadataJson = JSON.stringify(event.metadata);
  if (!fits(dataJson, metadataJson)) throw new AppendRejected(`${event.type} is larger than ${maxEventBytes} bytes`);
  checkJson(`data of ${event.type}`, dataJson);
  checkJson(`metadata of ${event.type}`, metadataJson);
  checkId("event type", event.type);
  if (!uuid.test(event.eventId)) throw new AppendRejected(`${event.type} has an id that is no UUID`);
  return { event, dataJson, metadataJson };
};

/** A code unit of UTF-16 takes three bytes of UTF-8 at most, so that few events have to be encoded to be measured. */
const fits = (dataJson: string, metadataJson: string): boolean => {
  const length = dataJson.length + metadataJson.length;
  if (length * 3 <= maxEventBytes) return true;
  return length <= maxEventBytes && encoder.encode(dataJson).length + encoder.encode(metadataJson).length <= maxEventBytes;
};

const encoder = new TextEncoder();

const checkId = (what: string, value: string) => {
  if (value.length === 0 || value.length > maxIdLength)
    throw new AppendRejected(`${what} has ${value.length} characters; 1 to ${maxIdLength} are allowed`);
  checkText(what, value);
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const controlCharacter = /[\u0000-\u001f]/;

const checkText = (what: string, value: string) => {
  if (controlCharacter.test(value) || !value.isWellFormed())
    throw new AppendRejected(`${what} holds a control character or a lone surrogate`);
};

// JSON.stringify writes NUL and lone surrogates as escapes; an escaped backslash before them makes them harmless text.
const suspicious = /\\u(?:0000|d[89a-f])/;
const forbiddenEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

const checkJson = (what: string, json: string) => {
  if (suspicious.test(json) && forbiddenEscape.test(json)) throw new AppendRejected(`${what} holds a NUL or a lone surrogate`);
};
