import { useEffect } from "react";

/** Tries again every few seconds for as long as something is away. */
export const useAwayRetry = (away: boolean, retry: () => void): void => {
  useEffect(() => {
    if (!away) return;
    const timer = setInterval(retry, AGAIN_MS);
    return () => clearInterval(timer);
  }, [away, retry]);
};

const AGAIN_MS = 3_000;
