import { TRPCClientError, type TRPCLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import type { AccessToken } from "./access-token.ts";
import { contextOf } from "./call-context.ts";

/** Gives each call the token that it is made with. */
export const tokenLink =
  <Router extends AnyRouter>(token: AccessToken): TRPCLink<Router> =>
  () =>
  ({ op, next }) => {
    const context = contextOf(op);
    if (isOfAuth(op.path)) {
      context.alone = true;
      return next(op);
    }
    return observable((observer) => {
      let call: Unsubscribable | undefined;
      let ended = false;
      const begin = (used: string | null) => {
        if (ended) return;
        context.token = used;
        call = next(op).subscribe({
          ...observer,
          next: (envelope) => {
            if (envelope.result.type === "data") context.renewed = false;
            observer.next(envelope);
          },
        });
      };
      token.get().then(begin, (cause: unknown) => observer.error(TRPCClientError.from(asError(cause))));
      return () => {
        ended = true;
        call?.unsubscribe();
      };
    });
  };

/** They say who somebody is by themselves, and whoever is asked for a token may need them for it. */
const isOfAuth = (path: string): boolean => path.startsWith("auth.");

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error("There is no token", { cause }));
