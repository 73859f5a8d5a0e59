import { expect, test } from "vitest";
import { isForwarded } from "./forwarded-path.ts";

test.each([
  "/trpc",
  "/trpc/cart.view",
  "/trpc/cart.view,cart.list",
  "/api/catalog",
  "/api/cart/view/1",
  "/billing/trpc",
  "/billing/trpc/payment.get",
  "/projector/trpc/lag",
])("%s goes on to the gateway", (path) => {
  expect(isForwarded(path)).toBe(true);
});

test.each([
  ...["/", "/trpcx/cart.view", "/apiary/x", "/docs", "/openapi.json", "/metrics", "/health/ready", "/.well-known/jwks.json"],
  ...["/cart/trpc/x", "/billing/api/x", "/billing", "/x/trpc/y"],
])("%s does not", (path) => {
  expect(isForwarded(path)).toBe(false);
});

test.each(["/api/..%2fmetrics", "/trpc/%2e%2e/metrics", "/api/x%5c..", "/api//metrics", "/api/a%00b"])(
  "%s, which two readers may read in two ways, does not",
  (path) => {
    expect(isForwarded(path)).toBe(false);
  },
);

test("dots are resolved before the question", () => {
  expect(isForwarded(new URL("http://shop/api/../metrics").pathname)).toBe(false);
  expect(isForwarded(new URL("http://shop/api/%2e%2e/metrics").pathname)).toBe(false);
});
