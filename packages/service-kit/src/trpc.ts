import {
  type AnyTRPCRootTypes,
  initTRPC,
  type TRPCCombinedDataTransformer,
  TRPCError,
  type TRPCErrorFormatter,
  type TRPCRootConfig,
} from "@trpc/server";
import { type Access, denialOf } from "./access.ts";
import type { CallContext } from "./call-context.ts";
import { holdsCardNumber } from "./card-numbers.ts";
import { edgeError } from "./edge-error.ts";
import type { Principal } from "./principal.ts";
import type { Refusal } from "./refusal.ts";
import { requestRefused } from "./request-refusal.ts";
import { span } from "./tracing.ts";
import { type TrpcErrorShape, trpcErrorShape } from "./trpc-error-shape.ts";
import { wire } from "./wire.ts";
import { wireFaultOf } from "./wire-input.ts";

/** Said by every procedure, and what it says is enforced: one that says nothing admits nobody. */
export type ProcedureMeta = { readonly access: Access };

/**
 * The parts that a service builds its router of: procedures that anyone may call, that a subject may, or that a token of a
 * scope may. There is no way to a procedure that does not say which.
 */
export const trpcFor = <Context extends CallContext, ServiceRefusal extends Refusal = never>() => {
  const options: RootOptions<ServiceRefusal> = {
    transformer: wire,
    errorFormatter: trpcErrorShape(),
    // Not asked of the environment, which a portable module does not read.
    isServer: true,
    isDev: false,
    // A quiet stream is ended by what lies between: by Bun itself after ten seconds.
    sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 10_000 } },
  };
  // The compiler does not check options against a context that is still generic; their type is given instead.
  const t = initTRPC
    .context<Context>()
    .meta<ProcedureMeta>()
    .create<RootOptions<ServiceRefusal>>(options as never);
  // What tRPC makes of a generic context hides from the compiler what it extends.
  const callOf = (ctx: unknown) => ctx as CallContext;

  const guarded = t.procedure.use(({ ctx, path, meta, getRawInput, next }) =>
    observed(callOf(ctx), path, async () => {
      const denial = meta === undefined ? new TRPCError({ code: "FORBIDDEN" }) : denialOf(callOf(ctx), meta.access);
      if (denial !== undefined) throw denial;
      const input = await getRawInput();
      const fault = wireFaultOf(input);
      if (fault !== undefined) throw new TRPCError({ code: "BAD_REQUEST", message: fault });
      if (holdsCardNumber(input)) throw requestRefused({ code: "CardNumberInInput" });
      const result = await next();
      return result.ok ? result : { ...result, error: withCode(result.error) };
    }),
  );
  // For its type alone: whoever has no principal was not admitted, and tRPC copies the whole context for each middleware.
  const _withPrincipal = () => guarded.use(({ ctx, next }) => next({ ctx: callOf(ctx) as { principal: Principal } }));
  const withPrincipal = (access: Exclude<Access, "public">) => guarded.meta({ access }) as unknown as ReturnType<typeof _withPrincipal>;

  return {
    router: t.router,
    mergeRouters: t.mergeRouters,
    createCallerFactory: t.createCallerFactory,
    publicProcedure: guarded.meta({ access: "public" }),
    /** Its context has a `principal`. */
    authenticated: withPrincipal("subject"),
    /** Its context has a `principal`, whose token has the scope. */
    withScope: (scope: string) => withPrincipal({ scope }),
  };
};

type RootOptions<ServiceRefusal extends Refusal> = {
  transformer: TRPCCombinedDataTransformer;
  errorFormatter: TRPCErrorFormatter<CallContext, TrpcErrorShape<ServiceRefusal>>;
} & Pick<TRPCRootConfig<AnyTRPCRootTypes>, "isServer" | "isDev" | "sse">;

/** In a span, and counted when it ends, whether with a result, an error or a throw. */
const observed = <Result extends { ok: true } | { ok: false; error: TRPCError }>(
  { observeCall }: CallContext,
  path: string,
  call: () => Promise<Result>,
): Promise<Result> =>
  span(path, RPC, async (active) => {
    const startedAt = performance.now();
    let outcome = "INTERNAL_SERVER_ERROR";
    try {
      const result = await call();
      outcome = result.ok ? "OK" : result.error.code;
      return result;
    } catch (error) {
      if (error instanceof TRPCError) outcome = error.code;
      throw error;
    } finally {
      active.setAttribute("cartwright.outcome", outcome);
      observeCall?.({ path, outcome, seconds: (performance.now() - startedAt) / 1_000 });
    }
  });

const RPC = { "rpc.system": "trpc" };

/** tRPC calls everything that it does not know an internal error, also that something is away. */
const withCode = (error: TRPCError): TRPCError => {
  const { code } = edgeError(error);
  return code === error.code ? error : new TRPCError({ code, cause: error.cause ?? error });
};
