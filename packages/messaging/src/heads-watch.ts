import { type ConsumerContext, reasonOf } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import type { ShardRun } from "./shard-run.ts";

type Options<Tools, Effect> = {
  context: ConsumerContext<Tools, Effect>;
  runs: ReadonlyMap<number, ShardRun>;
  changed: () => void;
};

/**
 * Every few seconds: the owner's heads against the marks. They are the exact lag, they show a tail that the source has
 * lost without a later event to show it, and a log that was restored. Operators' requests are found here, too.
 */
export const headsWatch = <Tools, Effect>({ context, runs, changed }: Options<Tools, Effect>) => {
  const { clock, limits, logger, of } = context;
  let cancel = () => {};
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();

  const schedule = () => {
    cancel = clock.after(limits.headsMs, () => {
      looking = look();
    });
  };
  const look = async () => {
    try {
      await compareHeads(runs, context);
      await findRequests(runs, context);
    } catch (error) {
      logger.warn({ ...of, error: reasonOf(error) }, "the heads could not be compared");
    }
    if (stopped) return;
    changed();
    schedule();
  };

  schedule();
  return {
    async stop() {
      stopped = true;
      cancel();
      await looking;
    },
  };
};

const compareHeads = async <Tools, Effect>(runs: ReadonlyMap<number, ShardRun>, { of, log, metrics }: ConsumerContext<Tools, Effect>) => {
  const { heads } = await log.heads();
  for (const run of runs.values()) {
    const head = heads[run.shard] ?? 0n;
    const lag = head - run.mark.position;
    metrics.lag.set(labelsOf(of, run.shard), Number(lag > 0n ? lag : 0n));
    // Idle, and behind where the log was already a whole interval ago: the source has lost the tail.
    const isIdle = !run.busy && !run.pending && !run.stopped;
    if (isIdle && run.head > run.mark.position) {
      run.readLogUntil = run.head;
      metrics.gaps.add(labelsOf(of, run.shard), 1);
    }
    run.pending = true;
    run.verify = true;
    run.head = head;
  }
};

/** Only ever requests: what flows and what does not is decided in a turn. */
const findRequests = async <Tools, Effect>(runs: ReadonlyMap<number, ShardRun>, { of, sink }: ConsumerContext<Tools, Effect>) => {
  const withParked = [...runs.values()].filter(({ parked }) => parked.size > 0);
  if (withParked.length === 0) return;
  const streams = await sink.progress.parking.streams(
    of,
    withParked.map(({ shard }) => shard),
  );
  for (const { shard, streamId, state } of streams) {
    const parked = runs.get(shard)?.parked.get(streamId);
    if (parked && state === "retrying") parked.state = state;
  }
};
