import type { ConsumerContext } from "./consumer-context.ts";

type Options<Tools, Effect> = {
  context: ConsumerContext<Tools, Effect>;
  turnListeners: Set<() => void>;
  /** Has the marks of this process saved that lag behind. */
  save: () => void;
  signal: AbortSignal | undefined;
};

/** For shards that other processes hold. */
const lookMs = 50;

/** Resolves when the group's marks have reached what the heads are now. */
export const catchUp = async <Tools, Effect>({ context, turnListeners, save, signal }: Options<Tools, Effect>): Promise<void> => {
  const { of, log, sink } = context;
  const { heads } = await log.heads();
  for (;;) {
    signal?.throwIfAborted();
    let turned = false;
    const listener = () => {
      turned = true;
    };
    turnListeners.add(listener);
    const marks = await sink.progress.marks(of).finally(() => turnListeners.delete(listener));
    if (heads.every((head, shard) => (marks.get(shard)?.position ?? 0n) >= head)) return;
    save();
    if (!turned) await nextTurn({ context, turnListeners, signal });
  }
};

const nextTurn = <Tools, Effect>({ context, turnListeners, signal }: Omit<Options<Tools, Effect>, "save">): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      cancel();
      turnListeners.delete(done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = context.clock.after(lookMs, done);
    turnListeners.add(done);
    signal?.addEventListener("abort", done, { once: true });
  });
