import { TRPCClientError, type TRPCLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { observable } from "@trpc/server/observable";

/** Ends a call as soon as its signal is aborted, also while it waits to be made again. */
export const abortLink =
  <Router extends AnyRouter>(): TRPCLink<Router> =>
  () =>
  ({ op, next }) => {
    const { signal } = op;
    if (!signal || op.type === "subscription") return next(op);
    return observable((observer) => {
      const onAbort = () => observer.error(TRPCClientError.from(signal.reason));
      if (signal.aborted) return onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      const call = next(op).subscribe(observer);
      return () => {
        signal.removeEventListener("abort", onAbort);
        call.unsubscribe();
      };
    });
  };
