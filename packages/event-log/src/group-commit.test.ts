import { describe, expect, test } from "vitest";
import { aStream, aUnit } from "./conformance.ts";
import { LogUnavailable } from "./errors.ts";
import type { AppendResult } from "./event-log.ts";
import { groupCommit, type QueuedUnit } from "./group-commit.ts";
import { inMemoryEventLog } from "./in-memory-event-log.ts";

class ConnectionLost extends Error {}
class Poison extends Error {}

const log = () => inMemoryEventLog({ name: "test" });
const queued = (streamId = aStream(), key?: string) => ({ unit: aUnit(key ? { streamId, key } : { streamId }), prepared: null, size: 100 });
const writeTo = (memory: ReturnType<typeof log>) => (batch: readonly QueuedUnit<unknown>[]) =>
  Promise.all(batch.map(({ unit }) => memory.append(unit)));
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const isRetryable = (error: unknown) => error instanceof ConnectionLost;

describe("group commit", () => {
  test("puts what one turn of the event loop brings into one batch", async () => {
    const sizes: number[] = [];
    const memory = log();
    const commits = groupCommit<null>({
      isRetryable,
      write: (batch) => {
        sizes.push(batch.length);
        return writeTo(memory)(batch);
      },
    });
    await Promise.all(Array.from({ length: 100 }, () => commits.append(queued())));
    expect(sizes).toEqual([100]);
  });

  test("keeps two units of one stream, and of one key, out of the same batch", async () => {
    const batches: string[][] = [];
    const memory = log();
    const commits = groupCommit<null>({
      isRetryable,
      write: (batch) => {
        batches.push(batch.map(({ unit }) => unit.streams[0].streamId));
        return writeTo(memory)(batch);
      },
    });
    const stream = aStream();
    await Promise.all([
      commits.append(queued(stream)),
      commits.append(queued(stream)),
      commits.append(queued(aStream(), "k")),
      commits.append(queued(aStream(), "k")),
    ]);
    for (const batch of batches) expect(new Set(batch).size).toBe(batch.length);
    expect(batches.map((batch) => batch.length)).toEqual([2, 2]);
  });

  test("answers a batch whose answer was lost from what it did the first time", async () => {
    const memory = log();
    let lost = 0;
    const commits = groupCommit<null>({
      isRetryable,
      async write(batch) {
        const results = await writeTo(memory)(batch);
        if (lost++ === 0) throw new ConnectionLost();
        return results;
      },
    });
    const streams = Array.from({ length: 10 }, aStream);
    const results = await Promise.all(streams.map((stream) => commits.append(queued(stream))));
    expect(results.map((result) => result.outcome)).toEqual(streams.map(() => "duplicate"));
    for (const stream of streams) expect(await memory.readStream(stream)).toHaveLength(1);
  });

  test("lets only the poison of a batch fail", async () => {
    const memory = log();
    const bad = aStream();
    const commits = groupCommit<null>({
      isRetryable,
      async write(batch) {
        if (batch.some(({ unit }) => unit.streams[0].streamId === bad)) throw new Poison();
        return writeTo(memory)(batch);
      },
    });
    const streams = [...Array.from({ length: 20 }, aStream), bad, ...Array.from({ length: 20 }, aStream)];
    const results = await Promise.allSettled(streams.map((stream) => commits.append(queued(stream))));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(40);
    expect(results[20]).toMatchObject({ status: "rejected", reason: { name: "AppendRejected", retryable: false } });
  });

  test("says that the log is away once it has been away for too long", async () => {
    const commits = groupCommit<null>({ isRetryable, retryForMs: 30, write: () => Promise.reject(new ConnectionLost()) });
    await expect(commits.append(queued())).rejects.toBeInstanceOf(LogUnavailable);
  });

  test("refuses what would wait behind too many", async () => {
    let release: (results: AppendResult[]) => void = () => {};
    const held = new Promise<AppendResult[]>((resolve) => {
      release = resolve;
    });
    const commits = groupCommit<null>({ isRetryable, maxInFlight: 1, maxUnits: 1, maxQueued: 2, write: () => held });
    const first = commits.append(queued());
    await nextTurn();
    const waiting = [commits.append(queued()), commits.append(queued())];
    await expect(commits.append(queued())).rejects.toMatchObject({ name: "LogOverloaded", retryable: true });
    release([{ outcome: "conflict", streamId: "s", actual: 1 }]);
    expect(await first).toMatchObject({ outcome: "conflict" });
    await Promise.all(waiting);
    await commits.drained();
  });

  test("all who wait for it hear that nothing is in flight any more, also of a failure", async () => {
    const { promise: held, reject } = Promise.withResolvers<AppendResult[]>();
    const commits = groupCommit<null>({ isRetryable, write: () => held });
    const appended = commits.append(queued());
    const drained = [commits.drained(), commits.drained()];
    await nextTurn();
    drained.push(commits.drained());
    reject(new Poison());
    await expect(appended).rejects.toMatchObject({ name: "AppendRejected" });
    await Promise.all(drained);
  });

  describe("with two lanes", () => {
    const lanes = () => {
      const memory = log();
      const written: { lane: number; of: number[]; beside: number }[] = [];
      let inFlight = 0;
      const commits = groupCommit<number>({
        isRetryable,
        lanes: 2,
        laneOf: (lane) => lane,
        splitAt: 4,
        async write(batch, lane) {
          written.push({ lane, of: batch.map(({ prepared }) => prepared), beside: inFlight++ });
          const results = await writeTo(memory)(batch);
          inFlight -= 1;
          return results;
        },
      });
      const append = (...of: number[]) => Promise.all(of.map((lane) => commits.append({ ...queued(), prepared: lane })));
      return { append, written };
    };

    test("few units share a batch", async () => {
      const { append, written } = lanes();
      await append(0, 1, 0);
      expect(written).toEqual([{ lane: 0, of: [0, 1, 0], beside: 0 }]);
    });

    test("many are written side by side, each lane's by itself", async () => {
      const { append, written } = lanes();
      await append(0, 1, 1, 0, 1);
      expect(written).toEqual([
        { lane: 0, of: [0, 0], beside: 0 },
        { lane: 1, of: [1, 1, 1], beside: 1 },
      ]);
    });

    test("many of one lane don't wait for the other, which has nothing to do", async () => {
      const { append, written } = lanes();
      await append(1, 1, 1, 1);
      expect(written).toEqual([{ lane: 1, of: [1, 1, 1, 1], beside: 0 }]);
    });

    test("a shared batch never runs beside a lane's", async () => {
      const { append, written } = lanes();
      const many = append(0, 1, 1, 0);
      await nextTurn();
      const few = append(0, 1);
      await Promise.all([many, few]);
      expect(written.map(({ of, beside }) => ({ of, beside }))).toEqual([
        { of: [0, 0], beside: 0 },
        { of: [1, 1], beside: 1 },
        { of: [0, 1], beside: 0 },
      ]);
    });
  });
});
