import { describe, expect, test } from "vitest";
import { aStream, aUnit } from "./conformance.ts";
import { LogUnavailable } from "./errors.ts";
import type { AppendResult } from "./event-log.ts";
import { type GroupCommitOptions, groupCommit } from "./group-commit.ts";
import { inMemoryEventLog } from "./in-memory-event-log.ts";

class ConnectionLost extends Error {}
class Poison extends Error {}

const log = () => inMemoryEventLog({ name: "test" });
const queued = (streamId = aStream(), key?: string) => ({ unit: aUnit(key ? { streamId, key } : { streamId }), prepared: null, size: 100 });
type Write = GroupCommitOptions<null>["write"];
const writeTo =
  (memory: ReturnType<typeof log>): Write =>
  (batch) =>
    Promise.all(batch.map(({ unit }) => memory.append(unit)));
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
    await Promise.resolve();
    const waiting = [commits.append(queued()), commits.append(queued())];
    await expect(commits.append(queued())).rejects.toMatchObject({ name: "LogOverloaded", retryable: true });
    release([{ outcome: "conflict", streamId: "s", actual: 1 }]);
    expect(await first).toMatchObject({ outcome: "conflict" });
    await Promise.all(waiting);
    await commits.drained();
  });
});
