import { describe, expect, test } from "vitest";
import type { AppendUnit, Claim, EventLog, Expectation, NewEvent } from "./event-log.ts";
import { shardOf } from "./shard-of.ts";
import { tail } from "./tailer.ts";

/** Two logs on the same store, as two processes would have them; adapters in one process answer the same log twice. */
export type LogUnderTest = AsyncDisposable & { log: EventLog; other: EventLog };

/** What every event log promises. Run by each adapter's test. */
export const eventLogConformance = (adapter: string, open: () => Promise<LogUnderTest>) => {
  describe(`an event log in ${adapter}`, () => {
    const withLog = (name: string, run: (log: EventLog, other: EventLog) => Promise<void>, timeout = 30_000) =>
      test(
        name,
        async () => {
          await using opened = await open();
          await run(opened.log, opened.other);
        },
        timeout,
      );
    appendPromises(withLog);
    idempotencyPromises(withLog);
    multiStreamPromises(withLog);
    claimPromises(withLog);
    refusalPromises(withLog);
    readPromises(withLog);
  });
};

type WithLog = (name: string, run: (log: EventLog, other: EventLog) => Promise<void>, timeout?: number) => void;

export const aStream = () => `cart-${crypto.randomUUID()}`;
export const anEvent = (n = 1): NewEvent => ({
  eventId: crypto.randomUUID(),
  type: "Counted",
  schemaVersion: 1,
  data: { n },
  metadata: { actor: "test" },
});
export const events = (count: number): readonly NewEvent[] => Array.from({ length: count }, (_, index) => anEvent(index + 1));

type UnitOptions = {
  streamId: string;
  expect?: Expectation;
  count?: number;
  key?: string;
  fingerprint?: string;
  claims?: readonly Claim[];
};

export const aUnit = ({
  streamId,
  expect: expected = "any",
  count = 1,
  key = crypto.randomUUID(),
  fingerprint = "input",
  claims = [],
}: UnitOptions): AppendUnit => ({
  commands: [{ key, fingerprint, eventCount: count, answer: { count } }],
  streams: [{ streamId, expect: expected, events: events(count) }],
  claims,
});

const wholeLog = async (log: EventLog) => {
  const { heads } = await log.heads();
  const cursors = heads.map((_, shard) => ({ shard, after: 0n }));
  return log.read(cursors, 1_000_000);
};

const twoStreamsInDifferentShards = (log: EventLog): [string, string] => {
  const first = aStream();
  for (;;) {
    const second = aStream();
    if (shardOf(first, log.shards) !== shardOf(second, log.shards)) return [first, second];
  }
};

const appendPromises = (withLog: WithLog) => {
  withLog("gives the first event of a stream version 1 and answers where the last one stands", async (log) => {
    const streamId = aStream();
    const result = await log.append(aUnit({ streamId, expect: "noStream", count: 3 }));
    expect(result).toMatchObject({ outcome: "appended", streams: [{ streamId, version: 3, position: 3n }] });
    expect((await log.readStream(streamId)).map((event) => event.version)).toEqual([1, 2, 3]);
  });

  withLog("gives back what was stored: ids, types, data, metadata and the time of the append", async (log) => {
    const streamId = aStream();
    const event: NewEvent = {
      eventId: crypto.randomUUID(),
      type: "Named",
      schemaVersion: 2,
      data: { name: 'Ä "quoted" \\ 😀 {},', deep: [{ a: null }, true, 1.5] },
      metadata: { actor: { subject: "user-1" } },
    };
    await log.append({
      commands: [{ key: "k", fingerprint: "f", eventCount: 1 }],
      streams: [{ streamId, expect: "any", events: [event] }],
    });
    const [stored] = await log.readStream(streamId);
    expect(stored).toMatchObject({ ...event, streamId, version: 1, shard: shardOf(streamId, log.shards) });
    expect(Math.abs(Date.now() - (stored?.recordedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });

  withLog(
    "answers each of many units at once where its last event stands, whether a batch went the short way or one of it did not",
    async (log) => {
      const taken = aStream();
      await log.append(aUnit({ streamId: taken }));
      for (const bad of [[], [aUnit({ streamId: taken, expect: "noStream" })]]) {
        const units = Array.from({ length: 200 }, (_, index) => aUnit({ streamId: aStream(), expect: "noStream", count: 1 + (index % 3) }));
        const [results, refused] = await Promise.all([
          Promise.all(units.map((unit) => log.append(unit))),
          Promise.all(bad.map((unit) => log.append(unit))),
        ]);
        expect(refused.map(({ outcome }) => outcome)).toEqual(bad.map(() => "conflict"));
        const stored = new Map((await wholeLog(log)).map((event) => [`${event.streamId} ${event.version}`, event.position]));
        for (const result of results) {
          if (result.outcome !== "appended") throw new Error(`it was ${result.outcome}`);
          const [{ streamId, version, position }] = result.streams as [(typeof result.streams)[number]];
          expect(position).toBe(stored.get(`${streamId} ${version}`));
          expect(result.receipts[0]).toMatchObject({ streamId, version, position });
        }
      }
    },
  );

  withLog("numbers the positions of a shard densely over all of its streams", async (log) => {
    await Promise.all(Array.from({ length: 100 }, () => log.append(aUnit({ streamId: aStream(), count: 3 }))));
    const { heads } = await log.heads();
    const stored = await wholeLog(log);
    expect(stored).toHaveLength(300);
    for (const [shard, head] of heads.entries()) {
      const positions = stored.filter((event) => event.shard === shard).map((event) => event.position);
      expect(positions).toEqual(positions.map((_, index) => BigInt(index + 1)));
      expect(head).toBe(BigInt(positions.length));
    }
  });

  const expectations: [Expectation, "missing" | "present", boolean][] = [
    ["any", "missing", true],
    ["any", "present", true],
    ["noStream", "missing", true],
    ["noStream", "present", false],
    ["exists", "missing", false],
    ["exists", "present", true],
    [0, "missing", true],
    [0, "present", false],
    [2, "present", true],
    [1, "present", false],
    [3, "present", false],
    [2, "missing", false],
  ];
  for (const [expected, stream, holds] of expectations) {
    withLog(`${holds ? "accepts" : "refuses"} an append that expects ${expected} when the stream is ${stream}`, async (log) => {
      const streamId = aStream();
      if (stream === "present") await log.append(aUnit({ streamId, count: 2 }));
      const result = await log.append(aUnit({ streamId, expect: expected }));
      const before = stream === "present" ? 2 : 0;
      if (holds) expect(result).toMatchObject({ outcome: "appended", streams: [{ version: before + 1 }] });
      else expect(result).toEqual({ outcome: "conflict", streamId, actual: before });
      expect(await log.readStream(streamId)).toHaveLength(holds ? before + 1 : before);
    });
  }

  withLog("lets exactly one of many writers with the same expectation win, from two processes", async (log, other) => {
    const streamId = aStream();
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? log : other).append(aUnit({ streamId, expect: "noStream" }))),
    );
    expect(results.filter((result) => result.outcome === "appended")).toHaveLength(1);
    expect(results.filter((result) => result.outcome === "conflict")).toHaveLength(39);
    expect(await log.readStream(streamId)).toHaveLength(1);
  });

  withLog("leaves the neighbours of a conflict untouched", async (log) => {
    const taken = aStream();
    await log.append(aUnit({ streamId: taken }));
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => log.append(aUnit({ streamId: index === 25 ? taken : aStream(), expect: "noStream" }))),
    );
    expect(results.map((result) => result.outcome).filter((outcome) => outcome === "appended")).toHaveLength(49);
    expect(results[25]).toEqual({ outcome: "conflict", streamId: taken, actual: 1 });
  });

  withLog(
    "shows a tailing reader every event exactly once and in order under 200 concurrent writers on 20 streams",
    async (log, other) => {
      const streams = Array.from({ length: 20 }, aStream);
      await using tailer = Object.assign(await tail({ log: other }), { [Symbol.asyncDispose]: async () => tailer.stop() });
      const seen: { streamId: string; version: number; shard: number; position: bigint }[] = [];
      tailer.onEvents((batch) => seen.push(...batch));
      const writers = Array.from({ length: 200 }, async (_, writer) => {
        for (let turn = 0; turn < 5; turn++) {
          await (writer % 2 === 0 ? log : other).append(aUnit({ streamId: streams[(writer + turn) % 20] ?? "", count: 1 + (writer % 3) }));
        }
      });
      await Promise.all(writers);
      await tailer.catchUp();
      const stored = await wholeLog(log);
      const order = (list: typeof seen) => Map.groupBy(list, (event) => event.shard);
      const expected = order(stored.map(({ streamId, version, shard, position }) => ({ streamId, version, shard, position })));
      const actual = order(seen.map(({ streamId, version, shard, position }) => ({ streamId, version, shard, position })));
      for (const [shard, list] of expected) expect(actual.get(shard)).toEqual(list);
      expect(seen).toHaveLength(stored.length);
      for (const streamId of streams) {
        const versions = (await log.readStream(streamId)).map((event) => event.version);
        expect(versions).toEqual(versions.map((_, index) => index + 1));
      }
    },
    60_000,
  );
};

const idempotencyPromises = (withLog: WithLog) => {
  withLog("answers a retry with the first answer and writes nothing", async (log, other) => {
    const streamId = aStream();
    const unit = aUnit({ streamId, expect: "noStream", count: 2 });
    await log.append(unit);
    await log.append(aUnit({ streamId }));
    const retried = await other.append(unit);
    expect(retried).toEqual({
      outcome: "duplicate",
      receipts: [{ key: unit.commands[0].key, sameInput: true, streamId, version: 2, position: 2n, answer: { count: 2 } }],
    });
    expect(await log.readStream(streamId)).toHaveLength(3);
  });

  withLog("tells a key that comes again with another input", async (log) => {
    const streamId = aStream();
    await log.append(aUnit({ streamId, key: "same", fingerprint: "one" }));
    const again = await log.append(aUnit({ streamId, key: "same", fingerprint: "two" }));
    expect(again).toMatchObject({ outcome: "duplicate", receipts: [{ sameInput: false }] });
    expect(await log.readStream(streamId)).toHaveLength(1);
  });

  withLog("settles the same key given many times at once: one append, the others its duplicates", async (log, other) => {
    const streamId = aStream();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? log : other).append(aUnit({ streamId, key: "once" }))),
    );
    expect(results.filter((result) => result.outcome === "appended")).toHaveLength(1);
    expect(results.filter((result) => result.outcome === "duplicate")).toHaveLength(29);
    expect(await log.readStream(streamId)).toHaveLength(1);
  });

  withLog("keeps the same key apart in two shards at once", async (log) => {
    const [first, second] = twoStreamsInDifferentShards(log);
    const results = await Promise.all([
      log.append(aUnit({ streamId: first, key: "same" })),
      log.append(aUnit({ streamId: second, key: "same" })),
    ]);
    expect(results.map((result) => result.outcome)).toEqual(["appended", "appended"]);
  });

  withLog("gives each command of a unit its own receipt", async (log) => {
    const streamId = aStream();
    await log.append({
      commands: [
        { key: "a", fingerprint: "1", eventCount: 1 },
        { key: "b", fingerprint: "2", eventCount: 2, answer: "kept" },
      ],
      streams: [{ streamId, expect: 0, events: events(3) }],
    });
    const { version, receipts } = await log.confirm(streamId, [
      { key: "b", fingerprint: "2" },
      { key: "a", fingerprint: "other" },
      { key: "never", fingerprint: "" },
    ]);
    expect(version).toBe(3);
    expect(receipts.toSorted((left, right) => left.version - right.version)).toEqual([
      { key: "a", sameInput: false, streamId, version: 1, position: 1n, answer: null },
      { key: "b", sameInput: true, streamId, version: 3, position: 3n, answer: "kept" },
    ]);
  });

  withLog("keeps the answer of a command without events, where its shard stood", async (log, other) => {
    const streamId = aStream();
    await log.append(aUnit({ streamId }));
    const command = { key: "k", fingerprint: "f", eventCount: 0, answer: "nothing" };
    const unit: AppendUnit = { commands: [command], streams: [{ streamId, expect: 1, events: [] }] };
    const receipt = { key: "k", sameInput: true, streamId, version: 1, position: 1n, answer: "nothing" };
    expect(await log.append(unit)).toMatchObject({
      ...{ outcome: "appended", streams: [{ streamId, version: 1, position: 1n }], receipts: [receipt] },
    });
    await log.append(aUnit({ streamId }));
    for (const each of [log, other]) expect(await each.append(unit)).toEqual({ outcome: "duplicate", receipts: [receipt] });
    expect(await log.append({ ...unit, commands: [{ ...command, key: "another" }] })).toEqual({ outcome: "conflict", streamId, actual: 2 });
  });

  withLog("looks the key up before the expectation", async (log) => {
    const streamId = aStream();
    const unit = aUnit({ streamId, expect: "noStream" });
    await log.append(unit);
    expect((await log.append(unit)).outcome).toBe("duplicate");
  });

  withLog("confirms an empty stream without keys", async (log) => {
    expect(await log.confirm(aStream(), [])).toEqual({ version: 0, receipts: [] });
  });
};

const multiStreamPromises = (withLog: WithLog) => {
  withLog("appends to several streams at once", async (log) => {
    const [first, second] = twoStreamsInDifferentShards(log);
    const result = await log.append({
      commands: [{ key: "merge", fingerprint: "f", eventCount: 2 }],
      streams: [
        { streamId: first, expect: "noStream", events: events(2) },
        { streamId: second, expect: "noStream", events: events(1) },
      ],
    });
    expect(result).toMatchObject({
      outcome: "appended",
      streams: [
        { streamId: first, version: 2 },
        { streamId: second, version: 1 },
      ],
    });
  });

  withLog("leaves nothing of a multi-stream append when one of its expectations fails", async (log) => {
    const [first, second] = twoStreamsInDifferentShards(log);
    await log.append(aUnit({ streamId: second }));
    const headsBefore = await log.heads();
    const result = await log.append({
      commands: [{ key: "merge", fingerprint: "f", eventCount: 1 }],
      streams: [
        { streamId: first, expect: "noStream", events: events(1) },
        { streamId: second, expect: "noStream", events: events(1) },
      ],
      claims: [{ kind: "count", key: "never", delta: 1, atMost: 5 }],
    });
    expect(result).toEqual({ outcome: "conflict", streamId: second, actual: 1 });
    expect(await log.heads()).toEqual(headsBefore);
    expect(await log.claims(["never"])).toEqual(new Map());
    expect((await log.confirm(first, [{ key: "merge", fingerprint: "f" }])).receipts).toEqual([]);
  });

  withLog("holds a stream that a unit only looks at to what is expected of it", async (log) => {
    const looked = aStream();
    await log.append(aUnit({ streamId: looked }));
    for (const expected of ["noStream", 0, 2] as const) {
      const unit = aUnit({ streamId: aStream(), expect: "noStream" });
      const looking: AppendUnit = { ...unit, streams: [...unit.streams, { streamId: looked, expect: expected, events: [] }] };
      expect(await log.append(looking)).toEqual({ outcome: "conflict", streamId: looked, actual: 1 });
      expect(await log.readStream(unit.streams[0].streamId)).toEqual([]);
    }
    const unit = aUnit({ streamId: aStream(), expect: "noStream" });
    const looking: AppendUnit = { ...unit, streams: [...unit.streams, { streamId: looked, expect: 1, events: [] }] };
    expect(await log.append(looking)).toMatchObject({ outcome: "appended", streams: [{ version: 1 }, { streamId: looked, version: 1 }] });
  });

  withLog("keeps multi-stream appends in opposite directions from waiting for each other for ever", async (log, other) => {
    const [first, second] = twoStreamsInDifferentShards(log);
    const both = (streamIds: [string, string]): AppendUnit => ({
      commands: [{ key: crypto.randomUUID(), fingerprint: "f", eventCount: 1 }],
      streams: [
        { streamId: streamIds[0], expect: "any", events: events(1) },
        { streamId: streamIds[1], expect: "any", events: events(1) },
      ],
    });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? log.append(both([first, second])) : other.append(both([second, first])))),
    );
    expect(await log.readStream(first)).toHaveLength(40);
    expect(await log.readStream(second)).toHaveLength(40);
  });
};

const claimPromises = (withLog: WithLog) => {
  withLog("never exceeds a counter under 50 writers in two processes", async (log, other) => {
    const claims: Claim[] = [{ kind: "count", key: "stock:sku", delta: 2, atMost: 15 }];
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? log : other).append(aUnit({ streamId: aStream(), claims }))),
    );
    expect(results.filter((result) => result.outcome === "appended")).toHaveLength(7);
    expect(results.filter((result) => result.outcome === "claimed")).toHaveLength(43);
    expect(await log.claims(["stock:sku"])).toEqual(new Map([["stock:sku", { count: 14, holder: null }]]));
    expect(await wholeLog(log)).toHaveLength(7);
  });

  withLog("never takes a counter below zero", async (log) => {
    const claims: Claim[] = [{ kind: "count", key: "stock:sku", delta: -1, atMost: 10 }];
    expect(await log.append(aUnit({ streamId: aStream(), claims }))).toEqual({
      outcome: "claimed",
      claim: claims[0],
      held: { count: 0, holder: null },
    });
  });

  withLog("gives a holder's claim to one of many", async (log, other) => {
    const streams = Array.from({ length: 20 }, aStream);
    const results = await Promise.all(
      streams.map((streamId, index) =>
        (index % 2 === 0 ? log : other).append(aUnit({ streamId, claims: [{ kind: "hold", key: "current-cart:s", holder: streamId }] })),
      ),
    );
    const winner = streams[results.findIndex((result) => result.outcome === "appended")];
    expect(results.filter((result) => result.outcome === "appended")).toHaveLength(1);
    expect((await log.claims(["current-cart:s"])).get("current-cart:s")?.holder).toBe(winner ?? "");
    expect(results.find((result) => result.outcome === "claimed")).toMatchObject({ held: { holder: winner } });
  });

  withLog("takes a claim where it is free, keeps its holder otherwise, and gives it back only to its holder", async (log) => {
    const take = (holder: string): Claim => ({ kind: "holdIfFree", key: "c", holder });
    const release = (holder: string): Claim => ({ kind: "release", key: "c", holder });
    const holderAfter = async (claim: Claim) => {
      expect((await log.append(aUnit({ streamId: aStream(), claims: [claim] }))).outcome).toBe("appended");
      return (await log.claims(["c"])).get("c")?.holder;
    };
    expect(await holderAfter(take("a"))).toBe("a");
    expect(await holderAfter(take("b"))).toBe("a");
    expect(await holderAfter(release("b"))).toBe("a");
    expect(await holderAfter(release("a"))).toBeUndefined();
    expect(await holderAfter(take("b"))).toBe("b");
  });

  withLog("takes back the claims of a unit of which one claim is refused", async (log) => {
    const claims: Claim[] = [
      { kind: "count", key: "a", delta: 1, atMost: 5 },
      { kind: "count", key: "b", delta: 1, atMost: 0 },
    ];
    const streamId = aStream();
    expect(await log.append(aUnit({ streamId, claims }))).toMatchObject({ outcome: "claimed", claim: { key: "b" } });
    expect(await log.claims(["a", "b"])).toEqual(new Map());
    expect(await log.readStream(streamId)).toEqual([]);
  });

  withLog("takes claims in opposite orders from two processes without a deadlock", async (log, other) => {
    const a: Claim = { kind: "count", key: "a", delta: 1, atMost: 1000 };
    const b: Claim = { kind: "count", key: "b", delta: 1, atMost: 1000 };
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? log : other).append(aUnit({ streamId: aStream(), claims: index % 2 === 0 ? [a, b] : [b, a] })),
      ),
    );
    expect((await log.claims(["a"])).get("a")?.count).toBe(60);
  });
};

const refusalPromises = (withLog: WithLog) => {
  const poisons: [string, (unit: AppendUnit) => AppendUnit][] = [
    ["a NUL in its data", (unit) => withData(unit, { text: "a\0b" })],
    ["a lone surrogate in its data", (unit) => withData(unit, { text: "\ud800" })],
    ["a NUL in a key of its data", (unit) => withData(unit, { "a\0": 1 })],
    ["a megabyte of data", (unit) => withData(unit, { text: "x".repeat(1_048_576) })],
    ["a NUL in its idempotency key", (unit) => ({ ...unit, commands: [{ ...unit.commands[0], key: "a\0" }] })],
    ["an empty fingerprint", (unit) => ({ ...unit, commands: [{ ...unit.commands[0], fingerprint: "" }] })],
    ["a stream named twice", (unit) => ({ ...unit, streams: [unit.streams[0], unit.streams[0]] })],
  ];
  for (const [what, poisoned] of poisons) {
    withLog(`refuses a unit with ${what} and leaves its neighbours in the batch untouched`, async (log) => {
      const streams = Array.from({ length: 30 }, aStream);
      const results = await Promise.allSettled(
        streams.map((streamId, index) => log.append(index === 15 ? poisoned(aUnit({ streamId })) : aUnit({ streamId }))),
      );
      expect(results.filter((result) => result.status === "fulfilled" && result.value.outcome === "appended")).toHaveLength(29);
      expect(results[15]).toMatchObject({ status: "rejected", reason: { name: "AppendRejected", retryable: false } });
      expect(await log.readStream(streams[15] ?? "")).toEqual([]);
    });
  }

  withLog("stores text that only looks like an escape", async (log) => {
    const streamId = aStream();
    await log.append(withData(aUnit({ streamId }), { text: "\\u0000 and \\\\ud800" }));
    expect((await log.readStream(streamId))[0]?.data).toEqual({ text: "\\u0000 and \\\\ud800" });
  });
};

const withData = (unit: AppendUnit, data: NewEvent["data"]): AppendUnit => {
  const [stream] = unit.streams;
  return { ...unit, streams: [{ ...stream, events: stream.events.map((event) => ({ ...event, data })) }] };
};

const readPromises = (withLog: WithLog) => {
  withLog("reads a stream from a version on and no further than asked", async (log) => {
    const streamId = aStream();
    await log.append(aUnit({ streamId, count: 10 }));
    expect((await log.readStream(streamId, { after: 4, limit: 3 })).map((event) => event.version)).toEqual([5, 6, 7]);
    expect(await log.readStream(aStream())).toEqual([]);
  });

  withLog("reads several shards from their cursors in one call", async (log) => {
    const [first, second] = twoStreamsInDifferentShards(log);
    await log.append(aUnit({ streamId: first, count: 5 }));
    await log.append(aUnit({ streamId: second, count: 5 }));
    const cursors = [
      { shard: shardOf(first, log.shards), after: 3n },
      { shard: shardOf(second, log.shards), after: 0n },
    ];
    const read = await log.read(cursors, 2);
    expect(read.map((event) => [event.streamId, event.position])).toEqual([
      [first, 4n],
      [first, 5n],
      [second, 1n],
      [second, 2n],
    ]);
  });

  withLog("wakes a tailer of another process", async (log, other) => {
    await using tailer = Object.assign(await tail({ log: other, minPollMs: 5, maxPollMs: 20 }), {
      [Symbol.asyncDispose]: async () => tailer.stop(),
    });
    const streamId = aStream();
    const cursor = { shard: shardOf(streamId, log.shards), after: 0n };
    const woken = tailer.waitBeyond([cursor], AbortSignal.timeout(10_000));
    await log.append(aUnit({ streamId, count: 2 }));
    await woken;
    expect((await tailer.read([cursor], 10)).map((event) => event.version)).toEqual([1, 2]);
  });
};
