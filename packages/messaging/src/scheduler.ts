import type { ConsumerContext } from "./consumer-context.ts";
import { isAlone, nextTurnAt, type ShardRun } from "./shard-run.ts";

type Options<Tools, Effect> = {
  context: ConsumerContext<Tools, Effect>;
  runs: ReadonlyMap<number, ShardRun>;
  /** Answers how many events it flushed. Never throws. */
  takeTurn: (runs: readonly ShardRun[]) => Promise<number>;
  onTurn: () => void;
};

export type Scheduler = ReturnType<typeof scheduler>;

/**
 * Gives turns. Shards that simply flow share them, as many at once as the sink can take; a shard that waits, retries or
 * drains has its own, so that it holds nobody up.
 */
export const scheduler = <Tools, Effect>({ context, runs, takeTurn, onTurn }: Options<Tools, Effect>) => {
  const { clock, sink, limits } = context;
  const turns = new Map<ShardRun, Promise<void>>();
  let shared = 0;
  let restUntil = 0;
  let stopped = false;
  let cancel = () => {};
  /** When the timer that is set calls. */
  let nextAt = Number.POSITIVE_INFINITY;

  const start = (group: readonly ShardRun[], isShared: boolean) => {
    if (isShared) shared += 1;
    for (const run of group) run.busy = true;
    const turn = takeTurn(group).then((events) => {
      if (isShared) {
        shared -= 1;
        if (events > 0 && events < limits.batch / 2) restUntil = clock.now().getTime() + limits.restMs;
      }
      for (const run of group) {
        run.busy = false;
        turns.delete(run);
      }
      onTurn();
      pump();
    });
    for (const run of group) turns.set(run, turn);
  };

  const pump = () => {
    if (stopped) return;
    cancel();
    const now = clock.now().getTime();
    const { alone, together, later } = dueRuns(runs.values(), now);
    for (const run of alone) start([run], false);
    let next = later;
    if (together.length > 0 && now < restUntil) {
      next = Math.min(next, restUntil);
      together.length = 0;
    }
    for (let free = sink.concurrency - shared; free > 0 && together.length > 0; free--)
      start(together.splice(0, Math.ceil(together.length / free)), true);
    nextAt = next;
    cancel = next === Number.POSITIVE_INFINITY ? () => {} : clock.after(next - now, pump);
  };

  /** Something has come in. While the flow rests, what comes waits for the end of the rest, which is looked at once. */
  const woken = () => {
    if (restUntil > clock.now().getTime() && nextAt <= restUntil) return;
    pump();
  };

  const settled = async (some: Iterable<ShardRun>) => {
    await Promise.all([...some].map((run) => turns.get(run)));
  };
  return {
    pump,
    woken,
    /** Resolves when the turns of these that are under way have ended. */
    settled,
    async stop() {
      stopped = true;
      cancel();
      await settled(turns.keys());
    },
  };
};

/** Who may take a turn now, by themselves or together, and when the next one may. */
const dueRuns = (runs: Iterable<ShardRun>, now: number) => {
  const alone: ShardRun[] = [];
  const together: ShardRun[] = [];
  let later = Number.POSITIVE_INFINITY;
  for (const run of runs) {
    const at = nextTurnAt(run);
    if (at === null) continue;
    if (at > now) later = Math.min(later, at);
    else (isAlone(run) ? alone : together).push(run);
  }
  return { alone, together, later };
};
