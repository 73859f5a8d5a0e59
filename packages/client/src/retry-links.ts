import { retryLink, type TRPCLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import type { AccessToken } from "./access-token.ts";
import { backoffMs } from "./backoff.ts";
import { contextOf } from "./call-context.ts";
import { isSafe } from "./idempotency-link.ts";
import { isRefusal } from "./is-refusal.ts";
import { isTransient } from "./is-transient.ts";

/** Makes a call again that nobody answered, where that is safe. */
export const retryWhereSafe = <Router extends AnyRouter>(): TRPCLink<Router> =>
  retryLink({
    retry: ({ op, error, attempts }) =>
      attempts < mostAttempts && !contextOf(op).once && isSafe(op) && isTransient(error) && !op.signal?.aborted,
    retryDelayMs: (attempt) => backoffMs(attempt),
  });

/** Makes a call again with another token where its own is accepted no more. A subscription goes on behind what it had. */
export const retryWithNewToken = <Router extends AnyRouter>(token: AccessToken): TRPCLink<Router> =>
  retryLink({
    retry: ({ op, error }) => {
      const context = contextOf(op);
      if (context.renewed || !isRefusal(error, "Unauthenticated")) return false;
      context.renewed = true;
      return token.reject(context.token);
    },
  });

const mostAttempts = 4;
