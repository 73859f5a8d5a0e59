import type postgres from "postgres";
import { type CheckedEvent, checkUnit } from "../check-unit.ts";
import type { AppendResult, AppendUnit, Claim, Expectation, JsonValue, Receipt } from "../event-log.ts";
import type { QueuedUnit } from "../group-commit.ts";
import { shardOf } from "../shard-of.ts";
import { intArray, textList } from "./array-literal.ts";

/** A unit with its events' JSON and the shards of its streams. */
export type PreparedUnit = { events: readonly (readonly CheckedEvent[])[]; shards: readonly number[] };

/** @throws {AppendRejected} */
export const prepareUnit = (unit: AppendUnit, shards: number): QueuedUnit<PreparedUnit> => {
  const events = checkUnit(unit);
  let size = 0;
  for (const stream of events) for (const event of stream) size += event.dataJson.length + event.metadataJson.length + 200;
  return { unit, prepared: { events, shards: unit.streams.map((stream) => shardOf(stream.streamId, shards)) }, size };
};

type Row = {
  /** `all` stands alone: every unit was written. */
  kind: "all" | "stream" | "conflict" | "claim" | "receipt";
  idx: number;
  version: number;
  pos: string;
  same: boolean;
  /** The claim's holder, or the stream of the receipt. */
  named: string | null;
  answer: JsonValue;
  at: Date;
};

/** One call of the database function: one round trip, one transaction, one fsync. */
export const appendBatch = async (
  sql: postgres.Sql,
  schema: string,
  batch: readonly QueuedUnit<PreparedUnit>[],
): Promise<AppendResult[]> => {
  const { parameters, streamsOf, commandsOf, claims } = columnsOf(batch);
  const rows = await sql.unsafe<Row[]>(`select * from ${schema}.append_batch(${placeholders})`, parameters, { prepare: true });
  const [first] = rows;
  if (first?.kind === "all") return allWritten(batch, first);

  const byKind: Record<Row["kind"], Map<number, Row>> = {
    all: new Map(),
    stream: new Map(),
    conflict: new Map(),
    claim: new Map(),
    receipt: new Map(),
  };
  for (const row of rows) byKind[row.kind].set(row.idx, row);

  return batch.map(({ unit }, index): AppendResult => {
    const firstStream = streamsOf[index] ?? 0;
    const written = unit.streams.map((_, offset) => byKind.stream.get(firstStream + offset));
    if (written[0])
      return appended(unit, written[0].at, (offset) => ({
        version: written[offset]?.version ?? 0,
        position: BigInt(written[offset]?.pos ?? 0),
      }));

    const firstCommand = commandsOf[index] ?? 0;
    const receipts = unit.commands.flatMap((command, offset) => receiptOf(command.key, byKind.receipt.get(firstCommand + offset)));
    if (receipts.length > 0) return { outcome: "duplicate", receipts };

    for (const [offset, stream] of unit.streams.entries()) {
      const conflict = byKind.conflict.get(firstStream + offset);
      if (conflict) return { outcome: "conflict", streamId: stream.streamId, actual: conflict.version };
    }
    for (const [idx, row] of byKind.claim) {
      const claimed = claims[idx - 1];
      if (claimed?.unit === index) return { outcome: "claimed", claim: claimed.claim, held: { count: Number(row.pos), holder: row.named } };
    }
    throw new Error(`the log said nothing about ${unit.streams[0].streamId}`);
  });
};

/** By row of `s_`: the stream's version before, and the position before its first event. */
type AllWritten = { before: number[]; starts: number[] };

const allWritten = (batch: readonly QueuedUnit<PreparedUnit>[], { answer, at }: Row): AppendResult[] => {
  // The database function of this file's migration writes it so.
  const { before, starts } = answer as AllWritten;
  let row = 0;
  return batch.map(({ unit }) => {
    const first = row;
    row += unit.streams.length;
    return appended(unit, at, (offset) => {
      const count = unit.streams[offset]?.events.length ?? 0;
      return { version: (before[first + offset] ?? 0) + count, position: BigInt((starts[first + offset] ?? 0) + count) };
    });
  });
};

const appended = (unit: AppendUnit, recordedAt: Date, at: (offset: number) => { version: number; position: bigint }): AppendResult => {
  const streams = unit.streams.map(({ streamId }, offset) => ({ streamId, ...at(offset) }));
  const [{ streamId, events }] = unit.streams;
  let version = (streams[0]?.version ?? 0) - events.length;
  let position = (streams[0]?.position ?? 0n) - BigInt(events.length);
  const receipts = unit.commands.map(({ key, eventCount, answer }) => {
    version += eventCount;
    position += BigInt(eventCount);
    return { key, sameInput: true, streamId, version, position, answer: answer ?? null };
  });
  return { outcome: "appended", streams, receipts, recordedAt };
};

const receiptOf = (key: string, row: Row | undefined): readonly Receipt[] =>
  row ? [{ key, sameInput: row.same, streamId: row.named ?? "", version: row.version, position: BigInt(row.pos), answer: row.answer }] : [];

const expectCode = (expect: Expectation): number => {
  if (expect === "any") return -1;
  if (expect === "exists") return -2;
  return expect === "noStream" ? 0 : expect;
};

const parameterCount = 28;
const placeholders = Array.from({ length: parameterCount }, (_, index) => `$${index + 1}`).join(",");

type Columns = {
  s: { unit: number[]; stream: string[]; shard: number[]; expect: number[]; count: number[]; before: number[] };
  e: { row: number[]; nth: number[]; stream: string[]; id: string[]; type: string[]; schema: number[]; data: string[]; metadata: string[] };
  r: {
    unit: number[];
    row: number[];
    through: number[];
    stream: string[];
    key: string[];
    fingerprint: string[];
    answer: (string | null)[];
  };
};

/** The batch as the function's parameters. `streamsOf` and `commandsOf` tell where each unit's rows begin, counted from 1. */
const columnsOf = (batch: readonly QueuedUnit<PreparedUnit>[]) => {
  const columns: Columns = {
    s: { unit: [], stream: [], shard: [], expect: [], count: [], before: [] },
    e: { row: [], nth: [], stream: [], id: [], type: [], schema: [], data: [], metadata: [] },
    r: { unit: [], row: [], through: [], stream: [], key: [], fingerprint: [], answer: [] },
  };
  const claims: { unit: number; claim: Claim }[] = [];
  const streamsOf: number[] = [];
  const commandsOf: number[] = [];
  for (const [index, { unit, prepared }] of batch.entries()) {
    streamsOf.push(columns.s.unit.length + 1);
    commandsOf.push(columns.r.unit.length + 1);
    addCommands(columns, unit, index + 1);
    addStreams(columns, { unit, prepared }, index + 1);
    for (const claim of unit.claims ?? []) claims.push({ unit: index, claim });
  }

  const { s, e, r } = columns;
  s.before = countsBefore(s);
  const shards = [...new Set(s.shard)].sort((left, right) => left - right);
  const parameters = [
    intArray(shards),
    ...[intArray(s.unit), textList(s.stream), intArray(s.shard), intArray(s.expect), intArray(s.count), intArray(s.before)],
    ...[intArray(e.row), intArray(e.nth), textList(e.stream), textList(e.id)],
    ...[textList(e.type), intArray(e.schema), textList(e.data), textList(e.metadata)],
    ...[intArray(r.unit), intArray(r.row), intArray(r.through), textList(r.stream)],
    ...[textList(r.key), textList(r.fingerprint), textList(r.answer)],
    ...claimColumns(claims),
  ];
  return { parameters, streamsOf, commandsOf, claims };
};

/** By row: the events that the rows before it bring to its shard. */
const countsBefore = ({ shard, count }: Columns["s"]): number[] => {
  const brought = new Map<number, number>();
  return shard.map((each, row) => {
    const before = brought.get(each) ?? 0;
    brought.set(each, before + (count[row] ?? 0));
    return before;
  });
};

const addCommands = ({ s, r }: Columns, unit: AppendUnit, unitNumber: number) => {
  let through = 0;
  for (const command of unit.commands) {
    through += command.eventCount;
    r.unit.push(unitNumber);
    r.row.push(s.unit.length + 1);
    r.through.push(through);
    r.stream.push(unit.streams[0].streamId);
    r.key.push(command.key);
    r.fingerprint.push(command.fingerprint);
    r.answer.push(command.answer === undefined ? null : JSON.stringify(command.answer));
  }
};

const addStreams = ({ s, e }: Columns, { unit, prepared }: { unit: AppendUnit; prepared: PreparedUnit }, unitNumber: number) => {
  for (const [offset, stream] of unit.streams.entries()) {
    s.unit.push(unitNumber);
    s.stream.push(stream.streamId);
    s.shard.push(prepared.shards[offset] ?? 0);
    s.expect.push(expectCode(stream.expect));
    s.count.push(stream.events.length);
    for (const [nth, { event, dataJson, metadataJson }] of (prepared.events[offset] ?? []).entries()) {
      e.row.push(s.unit.length);
      e.nth.push(nth + 1);
      e.stream.push(stream.streamId);
      e.id.push(event.eventId);
      e.type.push(event.type);
      e.schema.push(event.schemaVersion);
      e.data.push(dataJson);
      e.metadata.push(metadataJson);
    }
  }
};

const claimColumns = (claims: readonly { unit: number; claim: Claim }[]): string[] => [
  intArray(claims.map(({ unit }) => unit + 1)),
  textList(claims.map(({ claim }) => claim.kind)),
  textList(claims.map(({ claim }) => claim.key)),
  intArray(claims.map(({ claim }) => (claim.kind === "count" ? claim.delta : 0))),
  intArray(claims.map(({ claim }) => (claim.kind === "count" ? claim.atMost : 0))),
  textList(claims.map(({ claim }) => (claim.kind === "count" ? null : claim.holder))),
];
