type PollingOptions = {
  /** True when there was something, and so may be more. */
  look: () => Promise<boolean>;
  minPollMs?: number;
  maxPollMs?: number;
  onError?: (error: unknown) => void;
};

/** Looks at once when asked, on and on while there is something, and ever more seldom while there is not. */
export const polling = ({ look, minPollMs = 5, maxPollMs = 250, onError = () => {} }: PollingOptions) => {
  let pollMs = minPollMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let stopped = false;

  const lookOn = async () => {
    try {
      do {
        lookAgain = false;
        const found = await look();
        pollMs = found ? minPollMs : Math.min(maxPollMs, pollMs * 2);
        lookAgain ||= found;
      } while (lookAgain && !stopped);
    } catch (error) {
      pollMs = maxPollMs;
      onError(error);
    } finally {
      looking = null;
      if (!stopped) timer = setTimeout(now, pollMs);
    }
  };

  /** Resolves when a look that began after the call has ended. */
  const now = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (looking) {
      lookAgain = true;
      return looking;
    }
    clearTimeout(timer);
    looking = lookOn();
    return looking;
  };
  timer = setTimeout(now, pollMs);

  return {
    now,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
};
