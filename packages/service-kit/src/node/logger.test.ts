import { describe, expect, test } from "vitest";
import { requestLogger } from "../request-logger.ts";
import { jsonLogger, type LogLevel } from "./logger.ts";

const recorded = (level: LogLevel = "debug") => {
  const lines: string[] = [];
  const logger = jsonLogger({ service: "cart", level, destination: { write: (line) => lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
};

describe("a line of the log", () => {
  test("is JSON with the time, the level, the service and the message", () => {
    const { logger, last } = recorded();
    logger.info({ cartId: "c-1" }, "opened");
    expect(last()).toEqual({ level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), service: "cart", cartId: "c-1", msg: "opened" });
  });

  test("is written from the level on", () => {
    const { logger, lines } = recorded("warn");
    logger.debug({}, "x");
    logger.info({}, "x");
    logger.warn({}, "x");
    expect(lines).toHaveLength(1);
  });

  test("carries the correlation id of its request, also through a child", () => {
    const { logger, last } = recorded();
    requestLogger(logger, "corr-1").child({ part: "relay" }).warn({}, "slow");
    expect(last()).toMatchObject({ correlationId: "corr-1", part: "relay" });
  });

  test("names its service once, also where a child is another one's", () => {
    const { logger, lines, last } = recorded();
    logger.child({ service: "billing" }).child({ part: "relay" }).warn({}, "slow");
    expect(last()).toMatchObject({ service: "billing", part: "relay" });
    expect(lines.at(-1)?.match(/"service":/g)).toHaveLength(1);
    logger.warn({}, "slow");
    expect(last().service).toBe("cart");
  });

  test("tells an error with its type, its stack and its cause", () => {
    const { logger, last } = recorded();
    const err = Object.assign(new TypeError("no", { cause: new Error("away") }), { code: "ECONNREFUSED", retryable: true });
    logger.error({ err }, "failed");
    expect(last().err).toMatchObject({
      type: "TypeError",
      message: "no",
      code: "ECONNREFUSED",
      retryable: true,
      cause: { message: "away" },
    });
    expect(last().err.stack).toMatch("logger.test.ts");
    logger.error(err, "failed");
    expect(last().err).toMatchObject({ type: "TypeError" });
  });
});

describe("no line holds", () => {
  const jwt = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzIn0.c2lnbmF0dXJl";

  test.each<[string, object]>([
    ["an authorization header", { headers: { Authorization: `Bearer ${"s3cr3t"}` } }],
    ["a cookie", { headers: { "set-cookie": "sid=s3cr3t" } }],
    ["a password", { input: [{ password: "s3cr3t" }] }],
    ["a token", { answer: { accessToken: "s3cr3t", refresh_token: "s3cr3t" } }],
    ["a secret of the configuration", { AUTH_SIGNING_KEY: "s3cr3t", SERVICE_SECRET: "s3cr3t", "x-api-key": "s3cr3t" }],
    ["an e-mail address", { account: { email: "s3cr3t" } }],
    ["a phone number", { phone: "s3cr3t" }],
    ["what a cause knew", { err: new Error("x", { cause: Object.assign(new Error("y"), { cause: { token: "s3cr3t" } }) }) }],
  ])("%s", (_what, fields) => {
    const { logger, lines } = recorded();
    logger.error(fields, "x");
    logger.child(fields).error({}, "x");
    expect(lines.join("")).not.toMatch("s3cr3t");
    expect(lines.join("")).toMatch("[redacted]");
  });

  test.each([
    ["a JWT", `the token ${jwt} is bad`, jwt],
    ["a header", "authorization: Bearer s3cr3t.x", "s3cr3t"],
    ["a password of an address", "cannot reach postgres://cart:s3cr3t@db:5432/cart", "s3cr3t"],
    ["a password of a connection string", "Host=db;Password=s3cr3t;Database=cart", "s3cr3t"],
    ["an e-mail address", "no account for jane.doe+shop@mail.example.com", "jane.doe"],
  ])("%s within a message", (_what, message, secret) => {
    const { logger, lines } = recorded();
    logger.error({ err: new Error(message) }, message);
    expect(lines.join("")).not.toMatch(secret);
  });

  test.each(["4242424242424242", "4242 4242 4242 4242", "4242.4242.4242.4242"])("a card's number: %s", (number) => {
    const { logger, lines, last } = recorded();
    const err = new Error(`no ${number}`, { cause: { detail: number } });
    const fields = { err, path: `/api/orders/${number}`, inputs: [{ [number]: number }], quantity: 4_242_424_242_424_242 };
    logger.error(fields, `what is ${number}?`);
    logger.child(fields).error({}, "x");
    expect(lines.join("")).not.toMatch(/4242.?4242/);
    expect(last()).toMatchObject({ path: "/api/orders/[redacted]", inputs: [{ "[redacted]": "[redacted]" }], quantity: "[redacted]" });
  });

  test("a blank where none is needed", () => {
    const { logger, lines } = recorded();
    logger.info(
      {
        tokenId: "t-1",
        position: "7",
        durationMs: 4242.424242424242,
        amountMinor: 4_242_424_242_424_242,
        at: new Date(0),
        stack: "at /x/hono@4.13.19/dist/hono.js",
      },
      "sees user@host",
    );
    expect(lines.join("")).not.toMatch("redacted");
    expect(lines.join("")).toMatch("1970-01-01T00:00:00.000Z");
  });

  test("more than eight levels of a cycle", () => {
    const { logger, lines } = recorded();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    logger.info({ cycle }, "x");
    expect(lines.join("")).toMatch("[deeper]");
  });
});
