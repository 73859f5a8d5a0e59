import { initTRPC } from "@trpc/server";
import type { CallContext } from "./call-context.ts";
import type { Principal } from "./principal.ts";
import type { Refusal } from "./refusal.ts";

/** Who may call a procedure: anyone, whoever has identified themselves, or a token of a scope. */
export type Access = "public" | "subject" | { readonly scope: string };

export type ProcedureMeta = { readonly access: Access };

/**
 * The parts that a service builds its router of. There is no procedure without its access: one is public, needs a subject
 * or needs a scope.
 */
export const trpcFor = <Context extends CallContext, _ServiceRefusal extends Refusal = never>() => {
  const t = initTRPC.context<Context>().meta<ProcedureMeta>().create({ isServer: true, isDev: false });
  const withPrincipal = (access: Access) =>
    t.procedure.meta({ access }).use(({ ctx, next }) => {
      // What tRPC maps of a generic context hides what it extends.
      const { principal } = ctx as unknown as { principal: Principal };
      return next({ ctx: { principal } });
    });
  return {
    router: t.router,
    mergeRouters: t.mergeRouters,
    createCallerFactory: t.createCallerFactory,
    publicProcedure: t.procedure.meta({ access: "public" }),
    authenticated: withPrincipal("subject"),
    withScope: (scope: string) => withPrincipal({ scope }),
  };
};
