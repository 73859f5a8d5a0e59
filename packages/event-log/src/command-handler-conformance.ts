import { accept, refuse } from "@cartwright/decider/decision";
import { describe, expect, test } from "vitest";
import { type Command, commandHandler, type StreamModel } from "./command-handler.ts";
import { aStream, type LogUnderTest } from "./conformance.ts";
import type { EventLog } from "./event-log.ts";

type Counted = { type: "Counted"; by: number } | { type: "Closed" };
type Counter = { total: number; closed: boolean };
type TooMuch = { code: "TooMuch"; total: number };

export const counterModel: StreamModel<Counter, Counted> = {
  initial: { total: 0, closed: false },
  evolve: (state, event) => (event.type === "Closed" ? { ...state, closed: true } : { ...state, total: state.total + event.by }),
  encode: (event) => ({ type: event.type, schemaVersion: 1, data: event.type === "Closed" ? {} : { by: event.by } }),
  decode: ({ type, data }) => (type === "Closed" ? { type } : { type: "Counted", by: Number(data.by) }),
};

type CountOptions = Partial<Command<Counter, Counted, TooMuch>> & { by?: number; limit?: number };

export const count = (
  streamId: string,
  { by = 1, limit = Number.MAX_SAFE_INTEGER, ...rest }: CountOptions = {},
): Command<Counter, Counted, TooMuch> => ({
  streamId,
  fingerprint: `count ${by}`,
  metadata: {},
  decide: ({ total }) => {
    if (by === 0) return accept();
    return total + by > limit ? refuse({ code: "TooMuch" as const, total }) : accept({ type: "Counted" as const, by });
  },
  answerOf: (_events, { total }) => ({ total }),
  ...rest,
});

/** What the command handler promises over any event log. */
export const commandHandlerConformance = (adapter: string, open: () => Promise<LogUnderTest>) => {
  describe(`commands over ${adapter}`, () => {
    const withHandlers = (name: string, run: (here: Handler, there: Handler, log: EventLog) => Promise<void>) =>
      test(name, async () => {
        await using opened = await open();
        const handler = (log: EventLog) => commandHandler({ log, model: counterModel });
        await run(handler(opened.log), handler(opened.other), opened.log);
      }, 30_000);
    concurrencyPromises(withHandlers);
    retryPromises(withHandlers);
    multiStreamPromises(withHandlers);
  });
};

type Handler = ReturnType<typeof commandHandler<Counter, Counted>>;
type WithHandlers = (name: string, run: (here: Handler, there: Handler, log: EventLog) => Promise<void>) => void;

const concurrencyPromises = (withHandlers: WithHandlers) => {
  withHandlers("fifty at once on a new stream in one process make fifty, each with its own version", async (here, _there, log) => {
    const streamId = aStream();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => here.handle(count(streamId))));
    expect(outcomes.map((outcome) => outcome.outcome === "accepted" && outcome.version).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    expect(await log.readStream(streamId)).toHaveLength(50);
    expect(await here.load(streamId)).toMatchObject({ state: { total: 50 }, version: 50 });
  });

  withHandlers("a command that changes nothing, right behind one that does, answers where that one left the stream", async (here) => {
    const streamId = aStream();
    const [changed, unchanged] = await Promise.all([here.handle(count(streamId)), here.handle(count(streamId, { by: 0 }))]);
    expect(unchanged).toEqual({ ...changed, answer: null, changed: false });
  });

  withHandlers("what an event claims may depend on the state that it led to", async (_here, _there, log) => {
    const [streamId, otherId] = [aStream(), aStream()];
    const reached = (total: number) => `${streamId} reached ${total}`;
    const claimsOf = (_event: Counted, { total }: Counter) => [{ kind: "hold" as const, key: reached(total), holder: streamId }];
    const handler = commandHandler({ log, model: { ...counterModel, claimsOf } });
    await Promise.all([1, 2, 3].map(() => handler.handle(count(streamId))));
    await handler.handleMany({
      streamIds: [streamId, otherId],
      fingerprint: "both",
      metadata: {},
      decide: () => accept([{ type: "Counted" as const, by: 4 }], [{ type: "Counted" as const, by: 9 }]),
    });
    const held = await log.claims([1, 2, 3, 4, 7, 9].map(reached));
    expect([...held.keys()].toSorted()).toEqual([1, 2, 3, 7, 9].map(reached));
  });

  withHandlers("a hundred at once from two processes make a hundred", async (here, there, log) => {
    const streamId = aStream();
    await Promise.all(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? here : there).handle(count(streamId))));
    expect(await log.readStream(streamId)).toHaveLength(100);
    expect((await there.load(streamId)).state.total).toBe(100);
  });

  withHandlers("a limit holds under a race of two processes", async (here, there) => {
    const streamId = aStream();
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? here : there).handle(count(streamId, { limit: 25 }))),
    );
    expect(outcomes.filter((outcome) => outcome.outcome === "accepted")).toHaveLength(25);
    expect(outcomes.filter((outcome) => outcome.outcome === "refused")).toHaveLength(35);
    expect((await here.load(streamId)).state.total).toBe(25);
  });

  withHandlers("a stale fold never refuses: what another process changed is read before a no is answered", async (here, there) => {
    const streamId = aStream();
    const openOnly = (by: number): Command<Counter, Counted, TooMuch> => ({
      ...count(streamId, { by }),
      decide: ({ total }) => (total >= 10 ? accept({ type: "Counted", by }) : refuse({ code: "TooMuch", total })),
    });
    await here.handle(count(streamId, { by: 1 }));
    await there.handle(count(streamId, { by: 9 }));
    expect(await here.handle(openOnly(1))).toMatchObject({ outcome: "accepted", version: 3 });
  });

  withHandlers("an expected version that is not the stream's is told, and changes nothing", async (here, there) => {
    const streamId = aStream();
    await here.handle(count(streamId));
    await there.handle(count(streamId));
    expect(await here.handle(count(streamId, { expectedVersion: 1 }))).toEqual({ outcome: "versionMismatch", expected: 1, actual: 2 });
    expect(await here.handle(count(streamId, { expectedVersion: 2 }))).toMatchObject({ outcome: "accepted", version: 3 });
  });

  withHandlers("a command that changes nothing is accepted and answers the version as it is", async (here, there) => {
    const streamId = aStream();
    expect(await here.handle(count(streamId, { by: 0 }))).toEqual({
      outcome: "accepted",
      version: 0,
      position: 0n,
      answer: null,
      changed: false,
    });
    await there.handle(count(streamId));
    expect(await here.handle(count(streamId, { by: 0 }))).toMatchObject({ outcome: "accepted", version: 1, changed: false });
  });

  withHandlers("a command whose decision throws fails alone", async (here) => {
    const streamId = aStream();
    const broken = count(streamId, {
      decide: () => {
        throw new TypeError("a bug");
      },
    });
    const outcomes = await Promise.allSettled([here.handle(count(streamId)), here.handle(broken), here.handle(count(streamId))]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await here.load(streamId)).state.total).toBe(2);
  });

  withHandlers("a refused claim refuses its own command and none that came with it", async (here, _there, log) => {
    const streamId = aStream();
    const claim = { kind: "count" as const, key: "stock:x", delta: 1, atMost: 1 };
    const outcomes = await Promise.all([
      here.handle(count(streamId, { claims: [claim] })),
      here.handle(count(streamId)),
      here.handle(count(streamId, { claims: [claim] })),
      here.handle(count(streamId)),
    ]);
    expect(outcomes.map((outcome) => outcome.outcome).toSorted()).toEqual(["accepted", "accepted", "accepted", "claimed"]);
    expect((await log.claims(["stock:x"])).get("stock:x")?.count).toBe(1);
    expect((await here.load(streamId)).state.total).toBe(3);
  });
};

const retryPromises = (withHandlers: WithHandlers) => {
  withHandlers("a retry gets the first answer, also from another process", async (here, there) => {
    const streamId = aStream();
    const first = await here.handle(count(streamId, { key: "k", by: 5 }));
    await here.handle(count(streamId));
    const retried = await there.handle(count(streamId, { key: "k", by: 5 }));
    expect(first).toMatchObject({ outcome: "accepted", version: 1, answer: { total: 5 }, changed: true });
    expect(retried).toEqual({ ...first, changed: false });
    expect((await here.load(streamId)).state.total).toBe(6);
  });

  withHandlers("a retry that would now be refused still gets the first answer", async (here, there) => {
    const streamId = aStream();
    await here.handle(count(streamId, { key: "k", limit: 1 }));
    for (const handler of [here, there])
      expect(await handler.handle(count(streamId, { key: "k", limit: 1 }))).toMatchObject({
        outcome: "accepted",
        version: 1,
        changed: false,
      });
  });

  withHandlers("a retry whose expected version is long gone still gets the first answer", async (here, there) => {
    const streamId = aStream();
    await here.handle(count(streamId, { key: "k", expectedVersion: 0 }));
    await here.handle(count(streamId));
    expect(await there.handle(count(streamId, { key: "k", expectedVersion: 0 }))).toMatchObject({
      outcome: "accepted",
      version: 1,
      changed: false,
    });
  });

  withHandlers("a retry of what changed nothing changes nothing, whatever was done since", async (here, there) => {
    const streamId = aStream();
    const upTo = (total: number): Command<Counter, Counted, TooMuch> => ({
      ...count(streamId, { key: "k", keepsNoChange: true }),
      fingerprint: `up to ${total}`,
      decide: (state) => (state.total < total ? accept({ type: "Counted", by: total - state.total }) : accept()),
    });
    await here.handle(count(streamId, { by: 5 }));
    const first = await here.handle(upTo(5));
    expect(first).toMatchObject({ outcome: "accepted", version: 1, answer: { total: 5 }, changed: false });
    await here.handle(count(streamId, { by: -3 }));
    for (const handler of [here, there]) expect(await handler.handle(upTo(5))).toEqual(first);
    expect(await there.handle(upTo(6))).toEqual({ outcome: "keyReused", key: "k" });
    expect((await there.load(streamId)).state.total).toBe(2);
  });

  withHandlers("what changed nothing on a stream that is not there yet is kept, too", async (here, there) => {
    const streamId = aStream();
    const nothing = count(streamId, { key: "k", by: 0, keepsNoChange: true });
    const first = await here.handle(nothing);
    expect(first).toMatchObject({ outcome: "accepted", version: 0, changed: false });
    await here.handle(count(streamId));
    expect(await there.handle(nothing)).toEqual(first);
  });

  withHandlers("what changes something, and what does not, ride together and are each answered again", async (here, there) => {
    const streamId = aStream();
    const commands = [1, 0, 2, 0].map((by, index) => count(streamId, { key: `k${index}`, by, keepsNoChange: true }));
    const outcomes = await Promise.all(commands.map((command) => here.handle(command)));
    expect(outcomes).toMatchObject([1, 1, 2, 2].map((version, index) => ({ outcome: "accepted", version, changed: index % 2 === 0 })));
    await here.handle(count(streamId));
    const again = await Promise.all(commands.map((command) => there.handle(command)));
    expect(again).toEqual(outcomes.map((outcome) => ({ ...outcome, changed: false })));
  });

  withHandlers("a reaction that changed nothing is decided anew when it comes again", async (here, there) => {
    const streamId = aStream();
    expect(await here.handle(count(streamId, { key: "event", by: 0 }))).toMatchObject({ version: 0, changed: false });
    await here.handle(count(streamId));
    expect(await there.handle(count(streamId, { key: "event", by: 0 }))).toMatchObject({ version: 1, changed: false });
  });

  withHandlers("the same key many times at once, in two processes, counts once", async (here, there) => {
    const streamId = aStream();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? here : there).handle(count(streamId, { key: "k" }))),
    );
    expect(outcomes.every((outcome) => outcome.outcome === "accepted" && outcome.version === 1)).toBe(true);
    expect((await here.load(streamId)).state.total).toBe(1);
  });

  withHandlers("a key that comes again with another input is an error, at once and later", async (here) => {
    const streamId = aStream();
    const together = await Promise.all([
      here.handle(count(streamId, { key: "k", by: 1 })),
      here.handle(count(streamId, { key: "k", by: 2 })),
    ]);
    expect(together.map((outcome) => outcome.outcome).toSorted()).toEqual(["accepted", "keyReused"]);
    expect(await here.handle(count(streamId, { key: "k", by: 3 }))).toEqual({ outcome: "keyReused", key: "k" });
    expect(await here.handle(count(streamId, { key: "k", by: 0 }))).toEqual({ outcome: "keyReused", key: "k" });
  });
};

const multiStreamPromises = (withHandlers: WithHandlers) => {
  const move = (from: string, to: string, key?: string) => ({
    streamIds: [to, from] as const,
    ...(key ? { key } : {}),
    fingerprint: `move ${from} ${to}`,
    metadata: {},
    decide: ([into, source]: readonly Counter[]) =>
      source?.closed || !into
        ? { accepted: false as const, refusal: { code: "TooMuch" as const, total: 0 } }
        : { accepted: true as const, events: [[{ type: "Counted" as const, by: source?.total ?? 0 }], [{ type: "Closed" as const }]] },
  });

  withHandlers(
    "a move between two streams happens once under concurrent tries from two processes, and loses nothing",
    async (here, there) => {
      const [from, to] = [aStream(), aStream()];
      await here.handle(count(from, { by: 7 }));
      const outcomes = await Promise.all([
        ...Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? here : there).handleMany(move(from, to))),
        ...Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? here : there).handle(count(to))),
      ]);
      expect(outcomes.slice(0, 10).filter((outcome) => outcome.outcome === "accepted")).toHaveLength(1);
      expect((await here.load(to)).state.total).toBe(17);
      expect((await there.load(from)).state.closed).toBe(true);
    },
  );

  withHandlers("nothing is answered on folds that never stood side by side", async (here, _there, log) => {
    const [from, to] = [aStream(), aStream()];
    await here.handle(count(from, { by: 7 }));
    const moves = { moved: false };
    // The move happens after the one stream was read and before the other is.
    const readStream: EventLog["readStream"] = async (streamId, range) => {
      if (streamId === from && !moves.moved) {
        moves.moved = true;
        await Promise.resolve();
        await here.handleMany(move(from, to));
      }
      return log.readStream(streamId, range);
    };
    const seen: string[] = [];
    const racing = commandHandler({ log: { ...log, readStream }, model: counterModel });
    const outcome = await racing.handleMany<never>({
      streamIds: [to, from],
      fingerprint: "a look",
      metadata: {},
      decide: ([into, source]) => {
        seen.push(`${into?.total} ${source?.closed}`);
        return accept([], []);
      },
    });
    expect(seen).toEqual(["0 true", "7 true"]);
    expect(outcome).toMatchObject({ outcome: "accepted", version: 1, changed: false });
  });

  withHandlers("a retried move gets the first answer", async (here, there) => {
    const [from, to] = [aStream(), aStream()];
    await here.handle(count(from, { by: 7 }));
    const first = await here.handleMany(move(from, to, "k"));
    expect(await there.handleMany(move(from, to, "k"))).toEqual({ ...first, changed: false });
  });

  withHandlers("a move of nothing that is retried once there is something moves nothing", async (here, there) => {
    const [from, to] = [aStream(), aStream()];
    const moveAll = {
      ...move(from, to, "k"),
      keepsNoChange: true,
      decide: ([, source]: readonly Counter[]) =>
        source?.total ? accept([{ type: "Counted" as const, by: source.total }], [{ type: "Closed" as const }]) : accept([], []),
    };
    const first = await here.handleMany<never>(moveAll);
    expect(first).toMatchObject({ outcome: "accepted", version: 0, changed: false });
    await here.handle(count(from, { by: 7 }));
    expect(await there.handleMany<never>(moveAll)).toEqual(first);
    expect((await there.load(from)).state).toEqual({ total: 7, closed: false });
  });
};
