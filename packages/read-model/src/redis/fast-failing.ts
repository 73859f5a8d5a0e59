import type { Requester } from "@upstash/redis/cloudflare";
import { RedisUnavailable } from "./redis-errors.ts";

const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * While nothing answers, what is asked fails at once: after each pause one request finds out whether Redis is back. Without it
 * everybody would wait for as long as a request may take.
 */
export const fastFailing = (requester: Pick<Requester, "request">, now: () => number = () => performance.now()): Requester => {
  let failures = 0;
  let notBefore = 0;
  let isTried = false;
  let lastError: unknown;

  return {
    async request(asked) {
      const isTrial = failures > 0;
      if (isTrial && (isTried || now() < notBefore)) throw new RedisUnavailable("Redis is away", { cause: lastError });
      isTried = isTrial;
      try {
        const answer = await requester.request<never>(asked);
        failures = 0;
        return answer;
      } catch (error) {
        if (isAnswer(error)) failures = 0;
        else {
          // Of many that were under way together only the first is news.
          if (failures === 0 || isTrial) {
            notBefore = now() + Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
            failures += 1;
          }
          lastError = error;
        }
        throw error;
      } finally {
        if (isTrial) isTried = false;
      }
    },
  };
};

/** What the server itself said: it is there. */
const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === "UpstashError";
