export type SideBySide = AsyncDisposable & {
  /** Takes charge of a resource and answers it. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource;
};

/**
 * Resources that do not need each other. They are given back all at once: a stop takes as long as the slowest of them, not
 * as long as all of them one after another. May be disposed more than once.
 */
export const sideBySide = (): SideBySide => {
  const held: AsyncDisposable[] = [];
  let disposed: Promise<void> | undefined;
  const dispose = async () => {
    const ends = await Promise.allSettled(held.map(async (resource) => resource[Symbol.asyncDispose]()));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
  };
  return {
    use(resource) {
      held.push(resource);
      return resource;
    },
    [Symbol.asyncDispose]() {
      disposed ??= dispose();
      return disposed;
    },
  };
};
