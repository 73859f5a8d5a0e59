import { errorResponse } from "@cartwright/service-kit/error-response";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import { Hono, type Context as HonoContext } from "hono";
import type { Context } from "../context.ts";
import { authRoutes } from "./auth.ts";
import { cartItemRoutes } from "./cart-items.ts";
import { liveCartRoutes } from "./cart-live.ts";
import { cartReadRoutes } from "./cart-reads.ts";
import { wholeCartRoutes } from "./cart-whole.ts";
import { catalogRoutes } from "./catalog.ts";
import { checkoutRoutes } from "./checkouts.ts";
import type { Route } from "./route.ts";

/** The REST API, whole: what is served is what the document tells of. */
export const restRoutes: readonly Route[] = [
  ...cartItemRoutes,
  ...cartReadRoutes,
  ...liveCartRoutes,
  ...wholeCartRoutes,
  ...checkoutRoutes,
  ...catalogRoutes,
  ...authRoutes,
];

export const restApp = (contextOf: (c: HonoContext<ServiceEnv>) => Promise<Context>): Hono<ServiceEnv> => {
  const app = new Hono<ServiceEnv>();
  for (const { method, path, answer } of restRoutes)
    app.on(method.toUpperCase(), honoPath(path), async (c) => answer(c, await contextOf(c)));
  for (const [path, methods] of methodsByPath()) {
    app.all(honoPath(path), (c) => {
      const response = errorResponse(c, requestRefused({ code: "MethodNotAllowed" }));
      response.headers.set("allow", methods);
      return response;
    });
  }
  return app;
};

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

const methodsByPath = () => {
  const paths = Map.groupBy(restRoutes, ({ path }) => path);
  return [...paths].map(([path, routes]) => [path, routes.map(({ method }) => method.toUpperCase()).join(", ")] as const);
};
