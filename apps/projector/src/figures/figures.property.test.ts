import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldFigures } from "../rebuild/fold-figures.ts";
import { appendSelling, arbitrarySketch } from "../testing/figures-logs.ts";
import { countedByHand, sketchedSelling } from "../testing/selling.ts";
import { placeOf, summed } from "./count.ts";
import { countedLogs, type LogName, logNames } from "./counted-logs.ts";
import { collectedFigures } from "./figures-writer.ts";

const logsOf = (): Record<LogName, EventLog> => ({
  cart: inMemoryEventLog({ name: "cart", shards: 4 }),
  billing: inMemoryEventLog({ name: "billing", shards: 4 }),
  fraud: inMemoryEventLog({ name: "fraud", shards: 4 }),
});

test("the figures are those that one counts by hand, in whatever batches the events come", async () => {
  await fc.assert(
    fc.asyncProperty(arbitrarySketch, fc.array(fc.nat({ max: 20 }), { minLength: 1 }), async (sketch, sizes) => {
      const selling = sketchedSelling(sketch);
      const logs = logsOf();
      await appendSelling(logs, selling);
      const { writer, collected } = collectedFigures();
      for (const name of logNames) {
        const { types, count } = countedLogs[name];
        const log = logs[name];
        for (let shard = 0; shard < log.shards; shard++) {
          const events = [...(await log.read([{ shard, after: 0n }], 10_000))].filter(({ type }) => types.includes(type));
          for (let round = 0; events.length > 0; round++) await count(events.splice(0, 1 + (sizes[round % sizes.length] ?? 0)), writer);
        }
      }
      const byHand = countedByHand(selling);
      expect(asMap(collected().counts)).toEqual(byHand);

      const folds = await Promise.all(
        logNames.map(async (of) => foldFigures({ of, log: logs[of], positions: (await logs[of].heads()).heads })),
      );
      expect(asMap(folds.flat())).toEqual(byHand);
    }),
    { numRuns: 60 },
  );
});

const asMap = (counts: Parameters<typeof summed>[0]) => new Map(summed(counts).map((count) => [placeOf(count), count.amount]));
