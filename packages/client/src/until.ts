import type { Observed } from "./observed.ts";

/** What is shown once this holds of it. Rejects with the signal's reason, or with what `holds` throws. */
export const until = <Shown>(
  { shown, subscribe }: Pick<Observed<unknown, Shown>, "shown" | "subscribe">,
  holds: (shown: Shown) => boolean,
  signal: AbortSignal | undefined,
): Promise<Shown> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const done = new AbortController();
    const end = (settle: () => void) => {
      settle();
      done.abort();
    };
    const look = () => {
      if (done.signal.aborted) return;
      try {
        if (holds(shown())) end(() => resolve(shown()));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const unsubscribe = subscribe(look);
    done.signal.addEventListener("abort", unsubscribe);
    signal?.addEventListener("abort", () => end(() => reject(signal.reason)), { signal: done.signal });
    look();
    // It may have held while it was subscribed.
    if (done.signal.aborted) unsubscribe();
  });
