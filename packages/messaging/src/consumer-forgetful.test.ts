import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import type { Progress } from "./progress.ts";
import { appendEvents } from "./testing/events.ts";
import { type MemoryTools, memoryTableSink } from "./testing/memory-table-sink.ts";

const streamId = "cart-1";

/** A store that forgets all marks when it is told to. */
const forgetful = () => {
  let progress = inMemoryProgress();
  const port: Progress = {
    canForget: true,
    marks: (of) => progress.marks(of),
    begin: (of, marks) => progress.begin(of, marks),
    move: (of, moves) => progress.move(of, moves),
    parking: progress.parking,
  };
  return {
    port,
    forget() {
      progress = inMemoryProgress();
    },
  };
};

const project = () => {
  const log = inMemoryEventLog({ name: "cart" });
  const { port, forget } = forgetful();
  const sink = memoryTableSink(port);
  const projecting = consumer({
    group: "views",
    log,
    source: logSource({ log }),
    sink,
    handlers: { Counted: (event, { write }: MemoryTools) => write(event) },
    limits: { headsMs: 20, maxBackoffMs: 20 },
  });
  return { log, forget, sink, projecting };
};

test("what a store has forgotten is written again, though nothing new happens", async () => {
  const { log, forget, sink, projecting } = project();
  await using _projecting = projecting;
  await appendEvents(log, { streamId, count: 3 });
  await projecting.start();
  await projecting.catchUp();
  forget();
  await until(() => sink.written.length === 6);
  await projecting.catchUp();
  expect(sink.written.map(({ version }) => version)).toEqual([1, 2, 3, 1, 2, 3]);
});

test("and so it is when the next event finds out, before anybody has looked", async () => {
  const { log, forget, sink, projecting } = project();
  await using _projecting = projecting;
  await appendEvents(log, { streamId, count: 2 });
  await projecting.start();
  await projecting.catchUp();
  forget();
  await appendEvents(log, { streamId });
  await projecting.catchUp();
  expect(sink.written.map(({ version }) => version)).toEqual([1, 2, 1, 2, 3]);
});
