/**
 * Gathers what many callers hand in one by one while a write is under way, and writes it at once in the next one.
 * Each caller's promise settles with the write that its item was in.
 */
export const coalesced = <Item>(write: (items: readonly Item[]) => Promise<void>): ((item: Item) => Promise<void>) => {
  let waiting: Item[] = [];
  let next: Promise<void> | null = null;
  let current: Promise<unknown> = Promise.resolve();

  const writeWaiting = () => {
    const items = waiting;
    waiting = [];
    next = null;
    current = write(items);
    return current.then(() => {});
  };
  return (item) => {
    waiting.push(item);
    next ??= current.then(writeWaiting, writeWaiting);
    return next;
  };
};
