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
    const together: ShardRun[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const run of runs.values()) {
      const at = nextTurnAt(run);
      if (at === null) continue;
      if (at > now) next = Math.min(next, at);
      else if (isAlone(run)) start([run], false);
      else together.push(run);
    }
    if (together.length > 0 && now < restUntil) {
      next = Math.min(next, restUntil);
      together.length = 0;
    }
    for (let free = sink.concurrency - shared; free > 0 && together.length > 0; free--)
      start(together.splice(0, Math.ceil(together.length / free)), true);
    cancel = next === Number.POSITIVE_INFINITY ? () => {} : clock.after(next - now, pump);
  };

  const settled = async (some: Iterable<ShardRun>) => {
    await Promise.all([...some].map((run) => turns.get(run)));
  };
  return {
    pump,
    /** Resolves when the turns of these that are under way have ended. */
    settled,
    async stop() {
      stopped = true;
      cancel();
      await settled(turns.keys());
    },
  };
};
