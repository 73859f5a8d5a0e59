import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { silentLogger } from "./logger.ts";
import { requestRefused } from "./request-refusal.ts";
import { routerAccess } from "./router-access.ts";
import { exampleCaller, exampleRouter, exampleService } from "./testing/example-service.ts";

type Router = typeof exampleRouter;

const started = async () => {
  const service = await exampleService({ logger: silentLogger });
  const linkOptions = (authorization?: string) => ({
    url: "http://localhost/trpc",
    transformer: superjson,
    fetch: async (url: RequestInfo | URL | string, init?: object) => service.app.request(String(url), init as RequestInit),
    headers: () => ({ ...(authorization !== undefined && { authorization }) }),
  });
  return {
    ...service,
    client: (authorization?: string) => createTRPCClient<Router>({ links: [httpLink(linkOptions(authorization))] }),
    batching: (authorization?: string) => createTRPCClient<Router>({ links: [httpBatchLink(linkOptions(authorization))] }),
  };
};

const errorOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TRPCClientError) return error as TRPCClientError<Router>;
  throw new Error("the call was not refused", { cause: error });
};

describe("a client with stock superjson", () => {
  test("sends and gets dates, bigints and undefined", async () => {
    const { client } = await started();
    const note = { at: new Date("2026-01-01T00:00:00.000Z"), position: 2n ** 63n, by: undefined };
    expect(await client().note.mutate(note)).toEqual(note);
  });

  test("gets undefined from a procedure that answers nothing", async () => {
    const { client, batching } = await started();
    expect(await client().nothing.mutate()).toBeUndefined();
    expect(await batching().nothing.mutate()).toBeUndefined();
  });
});

describe("who may call", () => {
  test("anyone a public procedure, a subject what needs one, a scope's bearer what needs the scope", async () => {
    const { client, bearer } = await started();
    expect(await client().echo.query("x")).toBe("x");
    expect(await client(await bearer()).whoami.query()).toEqual({ subject: "jane", shop: "north" });
    expect(await client(await bearer({ scopes: ["catalog:write"] })).putProduct.mutate()).toBe("jane");
  });

  test("nobody without a token what needs a subject", async () => {
    const { client } = await started();
    const { data } = await errorOf(client().whoami.query());
    expect(data).toMatchObject({ code: "UNAUTHORIZED", httpStatus: 401, refusal: { code: "Unauthenticated", reason: "missing" } });
  });

  test("nobody whose token lacks the scope", async () => {
    const { client, bearer } = await started();
    const { data } = await errorOf(client(await bearer({ scopes: ["catalog:read"] })).putProduct.mutate());
    expect(data).toMatchObject({ code: "FORBIDDEN", refusal: { code: "Forbidden", scope: "catalog:write" } });
  });

  test.each(["Bearer x.y.z", "Bearer", "Basic amFuZTpwdw==", "x"])(
    "nobody with the credentials %s, not even what is public",
    async (given) => {
      const { client } = await started();
      expect((await errorOf(client(given).echo.query("x"))).data).toMatchObject({
        refusal: { code: "Unauthenticated", reason: "invalid" },
      });
    },
  );

  test("nobody whose sign-in has ended", async () => {
    const { client, bearer, revoked } = await started();
    const jane = client(await bearer({ sessionId: "s-1" }));
    expect(await jane.whoami.query()).toMatchObject({ subject: "jane" });
    revoked.add("s-1");
    expect((await errorOf(jane.whoami.query())).data?.refusal).toEqual({ code: "Unauthenticated", reason: "revoked" });
  });

  test("nobody any more, once a recheck says so: a connection may outlive its token", async () => {
    const principal = { subject: "jane", kind: "user", scopes: new Set<string>(), expiresAt: new Date(0), tokenId: "t" } as const;
    const context = { principal, correlationId: "c", logger: silentLogger, shop: "north" };
    expect(await exampleCaller(context).whoami()).toMatchObject({ subject: "jane" });
    const recheck = () => requestRefused({ code: "Unauthenticated", reason: "expired" });
    await expect(exampleCaller({ ...context, recheck }).whoami()).rejects.toMatchObject({ refusal: { reason: "expired" } });
  });

  test("is said by each procedure", () => {
    expect(Object.fromEntries(routerAccess(exampleRouter))).toEqual({
      echo: "public",
      note: "public",
      nothing: "public",
      fail: "public",
      ticks: "public",
      whoami: "subject",
      addItem: "subject",
      putProduct: { scope: "catalog:write" },
    });
  });
});

describe("an error tells a client", () => {
  test("of a refusal its code and facts, and the correlation id", async () => {
    const { client, bearer } = await started();
    const { data, message } = await errorOf(client(await bearer()).addItem.mutate({ productId: "p", quantity: 10 }));
    expect(message).toBe("The cart is full");
    expect(data).toEqual({
      code: "UNPROCESSABLE_CONTENT",
      httpStatus: 422,
      path: "addItem",
      correlationId: expect.any(String),
      refusal: { code: "CartFull", limit: 9 },
    });
  });

  test("of a refusal by its type: the union is closed", async () => {
    const { client } = await started();
    const { data } = await errorOf(client().whoami.query());
    const refusal = data?.refusal;
    if (refusal?.code === "CartFull") expect(refusal.limit).toBe(9);
    if (refusal?.code === "Unauthenticated") expect(refusal.reason).toBe("missing");
    // @ts-expect-error a code that is in no union
    expect(refusal?.code === "NoSuchRefusal").toBe(false);
  });

  test("of an input that is not valid where", async () => {
    const { client, bearer } = await started();
    const { data } = await errorOf(client(await bearer()).addItem.mutate({ productId: "", quantity: 1.5 }));
    expect(data).toMatchObject({ code: "BAD_REQUEST", refusal: { code: "InvalidInput" } });
    expect(data?.issues?.map(({ path }) => path)).toEqual([["productId"], ["quantity"]]);
  });

  test("of what looks like a card's number that it is refused, and not what it is, in one call as in a batch", async () => {
    const { client, batching } = await started();
    for (const { echo } of [client(), batching()]) {
      const error = await errorOf(echo.query({ note: ["my card: 4242 4242 4242 4242"] }));
      expect(error.data).toMatchObject({ code: "BAD_REQUEST", refusal: { code: "CardNumberInInput" } });
      expect(JSON.stringify(error)).not.toContain("4242");
    }
    await expect(
      exampleCaller({ principal: undefined, correlationId: "c", logger: silentLogger, shop: "north" }).echo("4242424242424242"),
    ).rejects.toMatchObject({
      refusal: { code: "CardNumberInInput" },
    });
  });

  test("of a bug nothing but the correlation id", async () => {
    const { client } = await started();
    const error = await errorOf(client().fail.mutate("bug"));
    expect(error.message).toBe("Something went wrong here");
    expect(error.data).toEqual({ code: "INTERNAL_SERVER_ERROR", httpStatus: 500, path: "fail", correlationId: expect.any(String) });
  });

  test.each(["away", "wrapped"] as const)("of what is %s when to ask again", async (how) => {
    const { client } = await started();
    const error = await errorOf(client().fail.mutate(how));
    expect(error.data).toMatchObject({ code: "SERVICE_UNAVAILABLE", httpStatus: 503, retryAfterSeconds: 1 });
    expect(error.message).not.toMatch("10.0.0.7");
  });
});

describe("a batch", () => {
  test("answers each call by itself", async () => {
    const { batching, bearer } = await started();
    const jane = batching(await bearer());
    const answers = await Promise.allSettled([
      jane.addItem.mutate({ productId: "p", quantity: 2 }),
      jane.addItem.mutate({ productId: "p", quantity: 10 }),
      jane.addItem.mutate({ productId: "p", quantity: 0 }),
    ]);
    expect(answers).toMatchObject([
      { status: "fulfilled", value: { version: 2, position: 7n } },
      { status: "rejected", reason: { data: { refusal: { code: "CartFull" } } } },
      { status: "rejected", reason: { data: { refusal: { code: "InvalidInput" } } } },
    ]);
  });

  test("with one input that superjson may not carry has that call refused and no other", async () => {
    const { batching } = await started();
    const answers = await Promise.allSettled([
      batching().echo.query({ at: new Date(0) }),
      batching().echo.query({ pattern: /(a+)+$/ }),
      batching().echo.query(Array.from({ length: 101 }, () => new Date(0))),
    ]);
    expect(answers).toMatchObject([
      { status: "fulfilled", value: { at: new Date(0) } },
      { status: "rejected", reason: { data: { code: "BAD_REQUEST", path: "echo", refusal: { code: "InvalidInput" } } } },
      { status: "rejected", reason: { data: { code: "BAD_REQUEST", refusal: { code: "InvalidInput" } } } },
    ]);
  });
});

test("every call is counted, with how it ended and how long it took", async () => {
  const calls: { path: string; outcome: string; seconds: number }[] = [];
  const caller = exampleCaller({
    principal: undefined,
    correlationId: "c",
    logger: silentLogger,
    shop: "north",
    observeCall: (call) => calls.push(call),
  });
  await caller.echo("x");
  await caller.whoami().catch(() => {});
  await caller.fail("bug").catch(() => {});
  await caller.fail("away").catch(() => {});
  expect(calls.map(({ path, outcome }) => [path, outcome])).toEqual([
    ["echo", "OK"],
    ["whoami", "UNAUTHORIZED"],
    ["fail", "INTERNAL_SERVER_ERROR"],
    ["fail", "SERVICE_UNAVAILABLE"],
  ]);
  for (const { seconds } of calls) expect(seconds).toBeLessThan(1);
});
