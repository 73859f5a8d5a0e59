import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { nothingParked } from "@cartwright/service-kit/parked-procedures";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { callers } from "@cartwright/service-kit/testing/callers";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { expect, test } from "vitest";
import { fraudApp } from "./app.ts";
import { type FraudRouter, fraudRouter } from "./router.ts";

const bench = async () => {
  const { verifier, linkOptions } = await callers();
  const app = fraudApp({
    services: {
      assessments: { get: async () => null, exported: async () => [] },
      log: inMemoryEventLog({ name: "fraud" }),
      parking: nothingParked,
    },
    verifier,
    health: processHealth(),
    logger: silentLogger,
  });
  return {
    app,
    clientWith: async (...scopes: readonly string[]) =>
      createTRPCClient<FraudRouter>({ links: [httpBatchLink(await linkOptions(app, scopes))] }),
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
