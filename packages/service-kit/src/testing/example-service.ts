import { createLocalJWKSet } from "jose";
import * as z from "zod";
import { type CallContext, callContexts } from "../call-context.ts";
import type { Logger } from "../logger.ts";
import { type RefusalRules, refusalErrors } from "../refusal.ts";
import { type ServiceAppOptions, serviceApp } from "../service-app.ts";
import { type AccessClaims, generateSigningKey, tokenIssuer } from "../token-issuer.ts";
import { tokenVerifier } from "../token-verifier.ts";
import { trpcFor } from "../trpc.ts";
import { trpcHandler } from "../trpc-handler.ts";

export type ExampleRefusal = { readonly code: "CartFull"; readonly limit: number };
const rules: RefusalRules<ExampleRefusal> = { CartFull: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart is full" } };
const refuse = refusalErrors<ExampleRefusal>(rules);

/** What an adapter throws when its server is away. */
export class LogAway extends Error {
  override readonly name = "LogAway";
  readonly retryable = true;
}

type Context = CallContext & { readonly shop: string };
const { router, publicProcedure, authenticated, withScope, createCallerFactory } = trpcFor<Context, ExampleRefusal>();

const failures = {
  bug: () => new Error("s3cr3t: postgres://cart:pw@db"),
  away: () => new LogAway("the log at 10.0.0.7 is away"),
  wrapped: () => new Error("x", { cause: new LogAway("y") }),
};

export const exampleRouter = router({
  echo: publicProcedure.input(z.unknown()).query(({ input }) => input),
  note: publicProcedure.input(z.object({ at: z.date(), position: z.bigint(), by: z.string().optional() })).mutation(({ input }) => input),
  nothing: publicProcedure.mutation(() => {}),
  whoami: authenticated.query(({ ctx }) => ({ subject: ctx.principal.subject, shop: ctx.shop })),
  addItem: authenticated.input(z.object({ productId: z.string().min(1), quantity: z.int().min(1) })).mutation(({ input }) => {
    if (input.quantity > 9) throw refuse({ code: "CartFull", limit: 9 });
    return { version: input.quantity, position: 7n };
  }),
  putProduct: withScope("catalog:write").mutation(({ ctx }) => ctx.principal.subject),
  fail: publicProcedure.input(z.enum(["bug", "away", "wrapped"])).mutation(({ input }): string => {
    throw failures[input]();
  }),
  ticks: publicProcedure.subscription(async function* () {
    yield { at: new Date(0) };
  }),
});

export const exampleCaller = createCallerFactory(exampleRouter);

/** A service as an app makes one, with an issuer of its own. */
export const exampleService = async ({ logger, ...options }: { logger: Logger } & Partial<ServiceAppOptions>) => {
  const ours = { issuer: "https://shop.example", audience: "shop" };
  const issuer = await tokenIssuer({ ...ours, keys: [await generateSigningKey()] });
  const revoked = new Set<string>();
  const verifier = tokenVerifier({ ...ours, keys: createLocalJWKSet(issuer.jwks), isRevoked: (sessionId) => revoked.has(sessionId) });
  const contextOf = callContexts({ verifier });
  const app = serviceApp({ logger, ...options });
  app.all("/trpc/*", trpcHandler({ router: exampleRouter, createContext: async (c) => ({ ...(await contextOf(c)), shop: "north" }) }));
  return {
    app,
    revoked,
    bearer: async (claims: Partial<AccessClaims> = {}) =>
      `Bearer ${(await issuer.issue({ subject: "jane", kind: "user", ...claims })).token}`,
  };
};
