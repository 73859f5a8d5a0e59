import { checkUnit } from "./check-unit.ts";
import type {
  AppendedStream,
  AppendResult,
  AppendUnit,
  Claim,
  CommandKey,
  EventLog,
  Expectation,
  HeldClaim,
  JsonValue,
  Receipt,
  RecordedEvent,
} from "./event-log.ts";
import { shardOf } from "./shard-of.ts";

type StoredReceipt = Omit<Receipt, "sameInput"> & { fingerprint: string };

type Memory = {
  shards: RecordedEvent[][];
  streams: Map<string, RecordedEvent[]>;
  receipts: Map<string, StoredReceipt>;
  claims: Map<string, HeldClaim>;
};

/** Keeps every promise of the port but durability. For tests and for edges without PostgreSQL. */
export const inMemoryEventLog = (options: { name: string; shards?: number; now?: () => Date }): EventLog => {
  const { name, shards = 16, now = () => new Date() } = options;
  const epoch = crypto.randomUUID();
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  const memory: Memory = {
    shards: Array.from({ length: shards }, () => []),
    streams: new Map(),
    receipts: new Map(),
    claims: new Map(),
  };

  return {
    name,
    shards,
    epoch,
    async append(unit) {
      checkUnit(unit);
      const result = appendTo(memory, unit, now());
      if (result.outcome === "appended") for (const listener of listeners) listener([]);
      return result;
    },
    async readStream(streamId, { after = 0, limit = Number.POSITIVE_INFINITY } = {}) {
      return (memory.streams.get(streamId) ?? []).slice(after, after + limit);
    },
    async confirm(streamId, keys) {
      return { version: memory.streams.get(streamId)?.length ?? 0, receipts: receiptsOf(memory, shardOf(streamId, shards), keys) };
    },
    async claims(keys) {
      return new Map(keys.flatMap((key) => (memory.claims.has(key) ? [[key, heldUnder(memory, key)] as const] : [])));
    },
    async heads() {
      return { epoch, heads: memory.shards.map((events) => BigInt(events.length)) };
    },
    async read(cursors, limit) {
      return cursors.flatMap(({ shard, after }) => memory.shards[shard]?.slice(Number(after), Number(after) + limit) ?? []);
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const appendTo = (memory: Memory, unit: AppendUnit, recordedAt: Date): AppendResult => {
  const shards = memory.shards.length;
  const firstShard = shardOf(unit.streams[0].streamId, shards);
  const receipts = receiptsOf(memory, firstShard, unit.commands);
  if (receipts.length > 0) return { outcome: "duplicate", receipts };

  for (const { streamId, expect } of unit.streams) {
    const actual = memory.streams.get(streamId)?.length ?? 0;
    if (!holds(expect, actual)) return { outcome: "conflict", streamId, actual };
  }

  const claims = (unit.claims ?? []).toSorted(byKey);
  const before = new Map(claims.map(({ key }) => [key, memory.claims.get(key)]));
  for (const claim of claims) {
    const held = heldUnder(memory, claim.key);
    const after = taken(claim, held);
    if (!after) {
      for (const [key, value] of before) value ? memory.claims.set(key, value) : memory.claims.delete(key);
      return { outcome: "claimed", claim, held: heldUnder(memory, claim.key) };
    }
    after.count === 0 && after.holder === null ? memory.claims.delete(claim.key) : memory.claims.set(claim.key, after);
  }

  const streams = unit.streams.map((stream) => {
    const shard = shardOf(stream.streamId, shards);
    const shardEvents = memory.shards[shard] ?? [];
    const events = memory.streams.get(stream.streamId) ?? [];
    for (const event of structuredClone(stream.events)) {
      const recorded = {
        ...event,
        streamId: stream.streamId,
        version: events.length + 1,
        shard,
        position: BigInt(shardEvents.length + 1),
        recordedAt,
      };
      events.push(recorded);
      shardEvents.push(recorded);
    }
    memory.streams.set(stream.streamId, events);
    return { streamId: stream.streamId, version: events.length, position: BigInt(shardEvents.length) };
  });
  return { outcome: "appended", streams, receipts: keepReceipts(memory, unit, { shard: firstShard, first: streams[0] }), recordedAt };
};

type Written = { shard: number; first: AppendedStream | undefined };

const keepReceipts = (memory: Memory, unit: AppendUnit, { shard, first }: Written): readonly Receipt[] => {
  const { streamId, events } = unit.streams[0];
  let version = (first?.version ?? 0) - events.length;
  let position = (first?.position ?? 0n) - BigInt(events.length);
  return unit.commands.map((command) => {
    version += command.eventCount;
    position += BigInt(command.eventCount);
    const answer: JsonValue | null = command.answer ?? null;
    const receipt = { key: command.key, streamId, version, position, answer };
    memory.receipts.set(`${shard}/${command.key}`, { ...receipt, fingerprint: command.fingerprint });
    return { ...receipt, sameInput: true };
  });
};

const receiptsOf = (memory: Memory, shard: number, keys: readonly CommandKey[]): readonly Receipt[] =>
  keys.flatMap(({ key, fingerprint }) => {
    const stored = memory.receipts.get(`${shard}/${key}`);
    if (!stored) return [];
    const { fingerprint: kept, ...receipt } = stored;
    return [{ ...receipt, sameInput: kept === fingerprint }];
  });

const holds = (expect: Expectation, actual: number): boolean => {
  if (expect === "any") return true;
  if (expect === "exists") return actual > 0;
  return actual === (expect === "noStream" ? 0 : expect);
};

const free: HeldClaim = { count: 0, holder: null };
const heldUnder = (memory: Memory, key: string): HeldClaim => memory.claims.get(key) ?? free;
const byKey = (left: Claim, right: Claim) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);

/** The claim's row after the claim was taken, or null when it can't be. */
const taken = (claim: Claim, held: HeldClaim): HeldClaim | null => {
  switch (claim.kind) {
    case "count": {
      const count = held.count + claim.delta;
      return count < 0 || (claim.delta > 0 && count > claim.atMost) ? null : { ...held, count };
    }
    case "hold":
      return held.holder === null || held.holder === claim.holder ? { ...held, holder: claim.holder } : null;
    case "holdIfFree":
      return held.holder === null ? { ...held, holder: claim.holder } : held;
    case "release":
      return held.holder === claim.holder ? { ...held, holder: null } : held;
  }
};
