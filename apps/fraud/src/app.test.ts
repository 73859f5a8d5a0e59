import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { nothingParked } from "@cartwright/service-kit/parked-procedures";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { generateSigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createLocalJWKSet } from "jose";
import superjson from "superjson";
import { expect, test } from "vitest";
import { fraudApp } from "./app.ts";
import { type FraudRouter, fraudRouter } from "./router.ts";

const ours = { issuer: "cartwright", audience: "cartwright" };

const bench = async () => {
  const issuer = await tokenIssuer({ keys: [await generateSigningKey()], ...ours });
  const app = fraudApp({
    services: {
      assessments: { get: async () => null, exported: async () => [] },
      log: inMemoryEventLog({ name: "fraud" }),
      parking: nothingParked,
    },
    verifier: tokenVerifier({ keys: createLocalJWKSet(issuer.jwks), ...ours }),
    health: processHealth(),
    logger: silentLogger,
  });
  const fetch = async (url: URL | RequestInfo, init?: object) => app.request(String(url), init);
  return {
    app,
    clientWith: async (...scopes: readonly string[]) => {
      const headers = { authorization: `Bearer ${(await issuer.issue({ subject: "somebody", kind: "service", scopes })).token}` };
      return createTRPCClient<FraudRouter>({
        links: [httpBatchLink({ url: "http://fraud/trpc", transformer: superjson, fetch, headers })],
      });
    },
  };
};

test("every procedure says who may call it, and none is for everybody", () => {
  expect(Object.fromEntries(routerAccess(fraudRouter))).toEqual({
    "assessment.get": { scope: "fraud:read" },
    "log.heads": { scope: "log:read" },
    "log.read": { scope: "log:read" },
    "privacy.export": { scope: "service:cart" },
    "parked.list": { scope: "ops:read" },
    "parked.inspect": { scope: "ops:read" },
    "parked.retry": { scope: "ops:write" },
    "parked.discard": { scope: "ops:write" },
  });
});

test("what was found out is told to those who screen, and to nobody else", async () => {
  const { clientWith, app } = await bench();
  const checkoutId = checkoutIdOf(CartId.parse("00000000-0000-4000-8000-000000000001"), 1);
  const screener = await clientWith("fraud:read");
  await expect(screener.assessment.get.query({ checkoutId })).rejects.toMatchObject({
    data: { code: "NOT_FOUND", refusal: { code: "AssessmentNotFound", checkoutId } },
  });
  const shopper = await clientWith();
  await expect(shopper.assessment.get.query({ checkoutId })).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
  expect((await app.request("/trpc/assessment.get")).status).toBe(401);
});
