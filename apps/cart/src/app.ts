import { TraceParent } from "@cartwright/contracts/event-metadata";
import { SubjectId } from "@cartwright/contracts/ids";
import { callContexts } from "@cartwright/service-kit/call-context";
import type { Health } from "@cartwright/service-kit/health";
import { healthRoutes } from "@cartwright/service-kit/health-routes";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import { serviceApp } from "@cartwright/service-kit/service-app";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import { trpcHandler } from "@cartwright/service-kit/trpc-handler";
import type { Hono, Context as HonoContext } from "hono";
import type { JSONWebKeySet } from "jose";
import type { Context, Services } from "./context.ts";
import { type DocsAssets, docsPage } from "./docs/docs-page.ts";
import { openApiDocument } from "./rest/openapi-document.ts";
import { restApp, restRoutes } from "./rest/rest-routes.ts";
import { cartServiceRouter } from "./router.ts";

export type CartAppDeps = {
  readonly services: Services;
  readonly verifier: TokenVerifier;
  /** The public keys of the tokens that the service issues. */
  readonly jwks: JSONWebKeySet;
  readonly health: Health;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly corsOrigins?: readonly string[];
  readonly bodyLimitBytes?: number;
  readonly maxBatchSize?: number;
  /** Without them there is no page at `/docs`. */
  readonly docsAssets?: DocsAssets | undefined;
};

/** The service as one function of a request: tRPC, REST, and what tells of them. It runs wherever `fetch` does. */
export const cartApp = (deps: CartAppDeps): Hono<ServiceEnv> => {
  const { jwks, health, docsAssets, maxBatchSize, bodyLimitBytes } = deps;
  const app = serviceApp(deps);
  const createContext = contexts(deps);

  app.all(
    "/trpc/*",
    trpcHandler({
      router: cartServiceRouter,
      createContext,
      ...(maxBatchSize !== undefined && { maxBatchSize }),
      ...(bodyLimitBytes !== undefined && { bodyLimitBytes }),
    }),
  );
  app.route("/", restApp(createContext));
  app.route("/health", healthRoutes(health));
  app.get("/.well-known/jwks.json", (c) => c.json(jwks, 200, { "cache-control": "public, max-age=300" }));

  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(restRoutes));
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "public, max-age=300" });
  });
  if (docsAssets) app.route("/docs", docsPage(docsAssets));
  return app;
};

/** What a procedure or a route is given with a request. */
const contexts = ({ services, ...deps }: CartAppDeps) => {
  const callContext = callContexts(deps);
  return async (c: HonoContext<ServiceEnv>): Promise<Context> => {
    const call = await callContext(c);
    const traceparent = traceparentOf(c.req.header("traceparent"));
    // A subject that no event could hold, such as one of an outside issuer with a space in it, owns nothing here.
    if (call.principal && !SubjectId.safeParse(call.principal.subject).success) {
      const denial = requestRefused({ code: "Unauthenticated", reason: "invalid" });
      return { ...call, principal: undefined, denial, traceparent, services };
    }
    return { ...call, traceparent, services };
  };
};

/** Of our own span, or of the caller's where nothing is traced here. */
const traceparentOf = (header: string | undefined): TraceParent | undefined => {
  const present = currentTraceparent() ?? header;
  return present === undefined ? undefined : TraceParent.safeParse(present).data;
};
