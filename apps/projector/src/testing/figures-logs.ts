import type { EventLog } from "@cartwright/event-log/event-log";
import fc from "fast-check";
import { type LogName, logNames } from "../figures/counted-logs.ts";
import { newEventsOf, type Selling, type Sketch } from "./selling.ts";
import type { ShoppingStep } from "./shopping.ts";

type Logs = Readonly<Record<LogName, Pick<EventLog, "append">>>;

/** For tests: puts all of it into the logs, of each stream a few events at a time, the streams of a log mixed. */
export const appendSelling = async (logs: Logs, selling: Selling): Promise<void> => {
  const streams = newEventsOf(selling);
  await Promise.all(
    logNames.map(async (name) => {
      const open = streams[name].map(({ streamId, events }) => ({ streamId, events: [...events] }));
      for (let round = 0; open.some(({ events }) => events.length > 0); round++) {
        for (const [index, { streamId, events }] of open.entries()) {
          const some = events.splice(0, 1 + ((round + index) % 3));
          if (some.length === 0) continue;
          await logs[name].append({
            commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: some.length }],
            streams: [{ streamId, expect: "any", events: some }],
          });
        }
      }
    }),
  );
};

const day = fc.nat({ max: 5 });
const step: fc.Arbitrary<ShoppingStep> = fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.nat());
export const arbitrarySketch: fc.Arbitrary<Sketch> = fc.record({
  carts: fc.array(fc.array(step, { maxLength: 40 }), { maxLength: 5 }),
  payments: fc.array(
    fc.record({ path: fc.nat(), amountMinor: fc.integer({ min: 2, max: 1_000_000 }), day, currency: fc.constantFrom("EUR", "VND") }),
    { maxLength: 12 },
  ),
  assessments: fc.array(fc.record({ decision: fc.constantFrom("approved", "review", "blocked"), day }), { maxLength: 5 }),
});
