import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { nothingParked } from "@cartwright/service-kit/parked-procedures";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { callers } from "@cartwright/service-kit/testing/callers";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { expect, test } from "vitest";
import { notificationApp } from "./app.ts";
import { type NotificationRouter, notificationRouter } from "./router.ts";

const bench = async () => {
  const { verifier, linkOptions } = await callers();
  const app = notificationApp({
    services: {
      mailbox: { list: async () => [] },
      exported: async () => ({ streams: [], mails: [] }),
      log: inMemoryEventLog({ name: "notification" }),
      parking: nothingParked,
    },
    verifier,
    health: processHealth(),
    logger: silentLogger,
  });
  return {
    app,
    clientWith: async (...scopes: readonly string[]) =>
      createTRPCClient<NotificationRouter>({ links: [httpBatchLink(await linkOptions(app, scopes))] }),
  };
};

test("every procedure says who may call it, and none is for everybody", () => {
  expect(Object.fromEntries(routerAccess(notificationRouter))).toEqual({
    "mailbox.list": { scope: "notification:read" },
    "log.heads": { scope: "log:read" },
    "log.read": { scope: "log:read" },
    "privacy.export": { scope: "service:cart" },
    "parked.list": { scope: "ops:read" },
    "parked.inspect": { scope: "ops:read" },
    "parked.retry": { scope: "ops:write" },
    "parked.discard": { scope: "ops:write" },
  });
});

test("the mailbox is shown to those who look after it, and to nobody else", async () => {
  const { clientWith, app } = await bench();
  const operator = await clientWith("notification:read");
  expect(await operator.mailbox.list.query()).toEqual({ mails: [], nextBefore: null });
  const shopper = await clientWith();
  await expect(shopper.mailbox.list.query()).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
  expect((await app.request("/trpc/mailbox.list")).status).toBe(401);
});
