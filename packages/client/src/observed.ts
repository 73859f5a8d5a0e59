/** A value that others look at and are told of when it changes. */
export type Observed<Value, Shown> = {
  get(): Value;
  /** The same value tells nobody. */
  set(value: Value): void;
  /** What is shown of the value: the same object until it changes. */
  shown(): Shown;
  subscribe(listener: () => void): () => void;
};

/** @param show is asked only when somebody looks. */
export const observed = <Value, Shown>(initial: Value, show: (value: Value) => Shown): Observed<Value, Shown> => {
  let value = initial;
  let shown: { of: Value; is: Shown } | undefined;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (next === value) return;
      value = next;
      for (const listener of listeners) listener();
    },
    shown: () => {
      if (shown?.of !== value) shown = { of: value, is: show(value) };
      return shown.is;
    },
    subscribe: (listener) => {
      // Wrapped, so that one function may listen twice.
      const own = () => {
        try {
          listener();
        } catch (error) {
          // A listener's fault is its own: it is told to the runtime, not to whoever set the value.
          queueMicrotask(() => {
            throw error;
          });
        }
      };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
};
