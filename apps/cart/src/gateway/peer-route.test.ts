import { expect, test } from "vitest";
import { peerRouteOf } from "./peer-route.ts";

test.each([
  ["/billing/trpc/payment.get", { service: "billing", path: "/trpc/payment.get" }],
  ["/fraud/trpc/a,b", { service: "fraud", path: "/trpc/a,b" }],
  ["/notification/trpc", { service: "notification", path: "/trpc" }],
  ["/projector/trpc/projector.lag", { service: "projector", path: "/trpc/projector.lag" }],
])("%s goes on", (pathname, route) => expect(peerRouteOf(pathname)).toEqual(route as never));

test.each([
  ...["/trpc/cart.view", "/billing", "/billing/health/ready", "/billing/metrics", "/billing/trpcx", "/storefront/trpc/x"],
  ...["/billing/trpc/../health", "/billing/trpc/..%2fhealth", "/billing/trpc/%2e%2e", "/billing//trpc/x", "/x/billing/trpc/y"],
])("%s stays", (pathname) => expect(peerRouteOf(pathname)).toBe(null));
