import { type GroupOnLog, type Mark, sameMark } from "./mark.ts";
import type { ParkedEvent, ParkedStream, ParkingStore, StreamRef } from "./parking.ts";
import type { MarkMove, Progress } from "./progress.ts";

type Memory = {
  marks: Map<string, Map<number, Mark>>;
  streams: Map<string, Omit<ParkedStream, "waiting">>;
  events: Map<string, ParkedEvent[]>;
};

/** Keeps every promise of the port but durability. For tests and for edges without PostgreSQL. */
export const inMemoryProgress = ({ now = () => new Date() } = {}): Progress => {
  const memory: Memory = { marks: new Map(), streams: new Map(), events: new Map() };
  return {
    async marks(of) {
      return new Map(memory.marks.get(groupKey(of)));
    },
    async begin(of, marks) {
      const existing = marksOf(memory, of);
      for (const [shard, mark] of marks) if (!existing.has(shard)) existing.set(shard, mark);
    },
    async move(of, moves) {
      const marks = marksOf(memory, of);
      return moves.flatMap((move) => {
        const mark = marks.get(move.shard);
        if (!mark || !sameMark(mark, move.from)) return [move.shard];
        marks.set(move.shard, move.to);
        park(memory, { ...of, move, at: now() });
        return [];
      });
    },
    parking: inMemoryParking(memory, now),
  };
};

const groupKey = ({ group, log }: GroupOnLog) => JSON.stringify([group, log]);
const streamKey = ({ group, log, streamId }: StreamRef) => JSON.stringify([group, log, streamId]);

const marksOf = (memory: Memory, of: GroupOnLog): Map<number, Mark> => {
  const marks = memory.marks.get(groupKey(of)) ?? new Map<number, Mark>();
  memory.marks.set(groupKey(of), marks);
  return marks;
};

const park = (memory: Memory, { group, log, move, at }: GroupOnLog & { move: MarkMove; at: Date }) => {
  for (const { event, fault } of move.parked) {
    const { streamId } = event;
    const key = streamKey({ group, log, streamId });
    const { reason, attempts } = fault ?? { reason: "an earlier event of the stream is parked", attempts: 0 };
    if (!memory.streams.has(key))
      memory.streams.set(key, { group, log, streamId, shard: move.shard, state: "parked", reason, attempts, parkedAt: at });
    const queue = memory.events.get(key) ?? [];
    memory.events.set(key, queue);
    queue.push({ epoch: move.from.epoch, event, parkedAt: at, discarded: null });
  }
};

const waitingIn = (memory: Memory, stream: StreamRef): readonly ParkedEvent[] =>
  (memory.events.get(streamKey(stream)) ?? []).filter(({ discarded }) => discarded === null);

const inMemoryParking = (memory: Memory, now: () => Date): ParkingStore => ({
  async list({ group, log } = {}) {
    return [...memory.streams.values()]
      .filter((stream) => (group === undefined || stream.group === group) && (log === undefined || stream.log === log))
      .map((stream) => ({ ...stream, waiting: waitingIn(memory, stream).length }));
  },
  async inspect(stream, limit = 100) {
    return (memory.events.get(streamKey(stream)) ?? []).slice(0, limit);
  },
  async retry(stream) {
    return setState(memory, stream, { state: "retrying" });
  },
  async discard(stream, { eventId, reason, by }) {
    const parked = waitingIn(memory, stream).find(({ event }) => event.eventId === eventId);
    if (!parked) return false;
    parked.discarded = { reason, by, at: now() };
    if (waitingIn(memory, stream).length === 0) setState(memory, stream, { state: "retrying" });
    return true;
  },
  async streams(of, shards) {
    return [...memory.streams.values()].filter(({ group, log, shard }) => group === of.group && log === of.log && shards.includes(shard));
  },
  async next(stream, limit) {
    return waitingIn(memory, stream).slice(0, limit);
  },
  async done(stream, eventIds) {
    const gone = new Set(eventIds);
    const queue = memory.events.get(streamKey(stream)) ?? [];
    if (waitingIn(memory, stream).filter(({ event }) => gone.has(event.eventId)).length !== gone.size) return false;
    memory.events.set(
      streamKey(stream),
      queue.filter(({ event }) => !gone.has(event.eventId)),
    );
    return true;
  },
  async failed(stream, fault) {
    setState(memory, stream, { state: "parked", ...fault });
  },
  async release(stream) {
    if (waitingIn(memory, stream).length > 0) return false;
    return memory.streams.delete(streamKey(stream));
  },
});

const setState = (memory: Memory, stream: StreamRef, change: Partial<Pick<ParkedStream, "state" | "reason" | "attempts">>): boolean => {
  const parked = memory.streams.get(streamKey(stream));
  if (!parked) return false;
  memory.streams.set(streamKey(stream), { ...parked, ...change });
  return true;
};
