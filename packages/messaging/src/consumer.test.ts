import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { appendSink, type Reaction } from "./append-sink.ts";
import type { ConsumerUnderTest } from "./conformance/bench-conformance.ts";
import { consumerConformance } from "./consumer-conformance.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { noteOf, notesIn } from "./testing/notes.ts";

consumerConformance(
  "an in-memory log to reactions on an in-memory log",
  async (): Promise<ConsumerUnderTest<Record<never, never>, Reaction | undefined>> => {
    const log = inMemoryEventLog({ name: "cart" });
    const own = inMemoryEventLog({ name: "fraud" });
    const progress = inMemoryProgress();
    return {
      log,
      source: () => logSource({ log }),
      sink: () => appendSink({ log: own, progress }),
      async apply(event, { key, group }) {
        await own.append({ commands: [{ key, fingerprint: event.eventId, eventCount: 1 }], ...noteOf(event, group) });
        return undefined;
      },
      seen: () => notesIn(own),
      async [Symbol.asyncDispose]() {},
    };
  },
);
