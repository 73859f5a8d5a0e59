/** Some of what is asked for, by what it is asked for by. What is not there is left out. */
type Read<Id, Value> = (ids: readonly Id[]) => Promise<ReadonlyMap<Id, Value>>;

/** Where a runtime has no such thing, what comes in one go is read together at least. */
const afterThisTurn: (run: () => void) => void = typeof setImmediate === "function" ? setImmediate : queueMicrotask;

/**
 * The same read, where those that are asked for in one turn of the event loop are one call, of at most `maxIds`: under a load, thirty
 * requests are one question to the store. It begins after all of them have asked, so that each gets what was true when it did, or later.
 */
export const readTogether = <Id, Value>(read: Read<Id, Value>, { maxIds = 200 } = {}): Read<Id, Value> => {
  let together: { ids: Id[]; answer: Promise<ReadonlyMap<Id, Value>> } | null = null;

  const begin = (): { ids: Id[]; answer: Promise<ReadonlyMap<Id, Value>> } => {
    const ids: Id[] = [];
    const turn = new Promise<void>((resolve) => afterThisTurn(resolve));
    const answer = turn.then(() => {
      if (together?.ids === ids) together = null;
      return read([...new Set(ids)]);
    });
    return { ids, answer };
  };

  return async (ids) => {
    if (ids.length === 0) return new Map();
    if (together && together.ids.length + ids.length > maxIds) together = null;
    together ??= begin();
    together.ids.push(...ids);
    const found = await together.answer;
    return new Map(
      ids.flatMap((id) => {
        const value = found.get(id);
        return value === undefined ? [] : [[id, value]];
      }),
    );
  };
};
