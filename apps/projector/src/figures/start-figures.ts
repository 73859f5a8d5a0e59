import { sideBySide } from "@cartwright/service-kit/side-by-side";
import type { Projection } from "../projection.ts";
import { type CountedFiguresOptions, countedFigures, type ExpectedProjection } from "./counted-figures.ts";
import type { LogName } from "./counted-logs.ts";
import { type DayFigures, figuresOf } from "./figures.ts";
import type { Days } from "./figures-reader.ts";

export type Figures = {
  /** Of each day from `from` to `to`, both included; and how many events of each log are not counted yet, null of a log that is away. */
  between(days: Days): Promise<{ readonly days: readonly DayFigures[]; readonly behind: Readonly<Record<LogName, number | null>> }>;
};

export type RunningFigures = AsyncDisposable &
  Figures & {
    /** Of the logs that have been found. */
    projections(): readonly Projection[];
    /** Of all logs, in each of the stores. */
    readonly expected: readonly ExpectedProjection[];
  };

/**
 * Counts what happens in the logs in tables, and where there is a Redis, in it too: then figures are read from there, and from the tables
 * while Redis is away or has not got all of them again.
 */
export const startFigures = ({ redis, ...options }: Omit<CountedFiguresOptions, "name">): RunningFigures => {
  const { logger } = options;
  const running = sideBySide();
  const inTables = running.use(countedFigures({ ...options, name: redis ? "figures-tables" : "figures" }));
  const inRedis = redis && running.use(countedFigures({ ...options, name: "figures", redis }));
  const expected = [inRedis, inTables].flatMap((store) => store?.expected ?? []);

  const readRedis = async (days: Days) => {
    try {
      return await inRedis?.read(days);
    } catch (err) {
      logger.warn({ err }, "figures are read from the tables, since Redis is away");
      return undefined;
    }
  };
  return {
    async between(days) {
      const found = await readRedis(days);
      const { counts, behind } = found?.isReady ? found : await inTables.read(days);
      return { days: figuresOf(counts), behind };
    },
    projections: () => expected.flatMap(({ find }) => find() ?? []),
    expected,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
};
