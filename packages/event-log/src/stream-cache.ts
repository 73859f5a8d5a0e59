import { LRUCache } from "lru-cache";
import type { StreamModel } from "./command-handler.ts";
import type { EventLog } from "./event-log.ts";

export type Folded<State> = { state: State; version: number; position: bigint };

/** The folds of the streams that were used last. A fold is a guess until the log has confirmed its version. */
export const streamCache = <State, Event>(log: EventLog, model: StreamModel<State, Event>, maxStreams: number) => {
  const folds = new LRUCache<string, Folded<State>>({ max: maxStreams });
  const empty: Folded<State> = { state: model.initial, version: 0, position: 0n };

  /** Reads what was appended beyond the fold that is known, if any. */
  const refresh = async (streamId: string): Promise<Folded<State>> => {
    const known = folds.get(streamId) ?? empty;
    const events = await log.readStream(streamId, { after: known.version });
    let { state, version, position } = known;
    for (const event of events) {
      state = model.evolve(state, model.decode(event));
      version = event.version;
      position = event.position;
    }
    return put(streamId, { state, version, position });
  };

  const put = (streamId: string, folded: Folded<State>): Folded<State> => {
    const known = folds.get(streamId);
    // A slower read must not put an older fold over a newer one.
    if (known && known.version >= folded.version) return known;
    if (folded.version > 0) folds.set(streamId, folded);
    return folded;
  };

  return { known: (streamId: string): Folded<State> | undefined => folds.get(streamId), refresh, put };
};
