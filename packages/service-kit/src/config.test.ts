import { describe, expect, test } from "vitest";
import * as z from "zod";
import { InvalidConfiguration, parseConfig, parseConfigs } from "./config.ts";
import { appEnv, durationMs, flag, integer, list, logLevel, port, secret } from "./config-fields.ts";
import { configReference } from "./config-reference.ts";
import { postgresConnection } from "./postgres-connection.ts";

const schema = z.object({
  APP_ENV: appEnv(),
  CART_PORT: port(5105).describe("Where the cart listens."),
  IDLE: durationMs("30d"),
  WORKERS: integer({ standard: 2, min: 1, max: 8 }),
  QUIET: flag(false),
  ORIGINS: list(),
  LOG_LEVEL: logLevel(),
  SIGNING_SECRET: secret({ development: "known-to-all" }).describe("Signs."),
  NAME: z.string().optional(),
});

const faultsOf = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
};

describe("a configuration", () => {
  test("of nothing is all defaults, in development", () => {
    expect(parseConfig(schema, {})).toEqual({
      APP_ENV: "development",
      CART_PORT: 5105,
      IDLE: 2_592_000_000,
      WORKERS: 2,
      QUIET: false,
      ORIGINS: [],
      LOG_LEVEL: "info",
      SIGNING_SECRET: "known-to-all",
    });
  });

  test("is read of what is given, and what is set to nothing is not given", () => {
    const given = {
      CART_PORT: "8080",
      IDLE: "250ms",
      QUIET: "yes",
      ORIGINS: " https://a.example, https://b.example ,",
      LOG_LEVEL: "",
      NAME: "",
    };
    expect(parseConfig(schema, given)).toMatchObject({
      CART_PORT: 8080,
      IDLE: 250,
      QUIET: true,
      ORIGINS: ["https://a.example", "https://b.example"],
      LOG_LEVEL: "info",
    });
    expect(parseConfig(schema, given)).not.toHaveProperty("NAME");
  });

  test.each([
    ["250ms", 250],
    ["0", 0],
    ["0s", 0],
    ["10s", 10_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
  ])("reads the time %s", (IDLE, ms) => {
    expect(parseConfig(schema, { IDLE }).IDLE).toBe(ms);
  });

  test.each(["15", "00", "1.5h", "10 s", "-5m", "5M"])("takes %s for no time: which unit is meant cannot be known", (IDLE) => {
    expect(faultsOf(() => parseConfig(schema, { IDLE })).faults).toEqual([
      { variable: "IDLE", reason: expect.stringContaining("with its unit, such as 250ms") },
    ]);
  });

  test("tells every fault at once, by its variable", () => {
    const given = { APP_ENV: "prod", CART_PORT: "65536", IDLE: "soon", WORKERS: "1.5", QUIET: "perhaps", LOG_LEVEL: "loud" };
    const error = faultsOf(() => parseConfig(schema, given));
    expect(error.faults.map(({ variable }) => variable)).toEqual(Object.keys(given));
    expect(error.message.split("\n")).toHaveLength(7);
    expect(error.message).toMatch("  CART_PORT: must be a whole number from 0 to 65535");
    expect(error.retryable).toBe(false);
  });

  test.each(["0x50", "1e3", "80 ", "-1", "80.0", "٨٠"])("takes %s for no port", (CART_PORT) => {
    expect(faultsOf(() => parseConfig(schema, { CART_PORT })).faults).toHaveLength(1);
  });

  test("says of what is missing that it is required", () => {
    const error = faultsOf(() => parseConfig(z.object({ URL: z.url(), KEY: z.string() }), {}));
    expect(error.faults).toEqual([
      { variable: "URL", reason: "is required" },
      { variable: "KEY", reason: "is required" },
    ]);
  });

  test("tells of what does not fit together", () => {
    const related = z.object({ MIN: port(1), MAX: port(2) }).refine(({ MIN, MAX }) => MIN <= MAX, "MIN must not be above MAX");
    expect(faultsOf(() => parseConfig(related, { MIN: "3" })).message).toMatch("all together: MIN must not be above MAX");
  });
});

describe("several configurations of one process", () => {
  const schemas = {
    cart: z.object({ CART_PORT: port(1), HOST: z.string() }),
    billing: z.object({ BILLING_PORT: port(2), HOST: z.string() }),
  };

  test("are read by their names", () => {
    const { cart, billing } = parseConfigs(schemas, { HOST: "::", CART_PORT: "3" });
    expect([cart, billing]).toEqual([
      { CART_PORT: 3, HOST: "::" },
      { BILLING_PORT: 2, HOST: "::" },
    ]);
  });

  test("tell the faults of all of them together, and what they share once", () => {
    const error = faultsOf(() => parseConfigs(schemas, { CART_PORT: "a", BILLING_PORT: "b" }));
    expect(error.faults.map(({ variable }) => variable)).toEqual(["CART_PORT", "HOST", "BILLING_PORT"]);
  });
});

describe("a secret in production", () => {
  test("has no default", () => {
    const error = faultsOf(() => parseConfig(schema, { APP_ENV: "production" }));
    expect(error.faults).toEqual([{ variable: "SIGNING_SECRET", reason: "is required" }]);
  });

  test("may not be the one of development", () => {
    const error = faultsOf(() => parseConfig(schema, { APP_ENV: "production", SIGNING_SECRET: "known-to-all" }));
    expect(error.faults).toEqual([{ variable: "SIGNING_SECRET", reason: expect.stringMatching("everybody knows") }]);
  });

  test("is read when it is given", () => {
    expect(parseConfig(schema, { APP_ENV: "production", SIGNING_SECRET: "s3cr3t" }).SIGNING_SECRET).toBe("s3cr3t");
  });

  test("has no default either where production is misspelt, also of a configuration that does not ask", () => {
    expect(faultsOf(() => parseConfig(z.object({}), { APP_ENV: "Production" })).message).toMatch("neither development nor production");
  });
});

describe("ASPNETCORE_ENVIRONMENT", () => {
  test.each([
    ["Development", "development"],
    ["Production", "production"],
    ["PRODUCTION", "production"],
  ])("%s says where this runs, if APP_ENV does not", (ASPNETCORE_ENVIRONMENT, APP_ENV) => {
    const given = { ASPNETCORE_ENVIRONMENT, SIGNING_SECRET: "s3cr3t" };
    expect(parseConfig(schema, given).APP_ENV).toBe(APP_ENV);
    expect(parseConfig(schema, { ...given, APP_ENV }).APP_ENV).toBe(APP_ENV);
  });

  test("of Production has no default for a secret, also of a configuration that does not ask where it runs", () => {
    const guarded = z.object({ SIGNING_SECRET: secret({ development: "known-to-all" }) });
    const error = faultsOf(() => parseConfig(guarded, { ASPNETCORE_ENVIRONMENT: "Production" }));
    expect(error.faults).toEqual([{ variable: "SIGNING_SECRET", reason: "is required" }]);
  });

  test.each([
    ["Prod", undefined, "is neither Development nor Production"],
    ["Staging", undefined, "is neither Development nor Production"],
    ["Production", "development", "says production, and APP_ENV development"],
    ["Development", "production", "says development, and APP_ENV production"],
  ])("%s is refused where APP_ENV is %s", (ASPNETCORE_ENVIRONMENT, APP_ENV, reason) => {
    const error = faultsOf(() => parseConfig(schema, { ASPNETCORE_ENVIRONMENT, APP_ENV, SIGNING_SECRET: "s3cr3t" }));
    expect(error.faults).toEqual([{ variable: "ASPNETCORE_ENVIRONMENT", reason }]);
  });

  test("may be a third one, which is for other programs, where APP_ENV is given", () => {
    const given = { ASPNETCORE_ENVIRONMENT: "Staging", APP_ENV: "production", SIGNING_SECRET: "s3cr3t" };
    expect(parseConfig(schema, given).APP_ENV).toBe("production");
  });
});

test("no fault tells a secret", () => {
  const guarded = z.object({
    SECRET: secret({ development: "known-to-all" }).refine(() => false, { error: ({ input }) => `${input} is too weak` }),
    POSTGRES_CONNECTION_STRING: postgresConnection(),
    OTHER_CONNECTION_STRING: postgresConnection(),
  });
  const error = faultsOf(() =>
    parseConfig(guarded, {
      SECRET: "s3cr3t",
      POSTGRES_CONNECTION_STRING: "postgres://cart:s3cr3t%@db",
      OTHER_CONNECTION_STRING: "Host=db;Password=s3cr3t;Wallet=s3cr3t",
    }),
  );
  expect(error.faults).toHaveLength(3);
  expect(error.message).not.toMatch("s3cr3t");
  expect(error.message).toMatch("has the keyword Wallet");
});

test("the reference names each variable, its default and its meaning, and no secret", () => {
  expect(configReference(schema)).toBe(
    [
      "| Variable | Default | Meaning |",
      "| --- | --- | --- |",
      "| `APP_ENV` | `development` | Where this runs. In production no secret has a default. Absent: `ASPNETCORE_ENVIRONMENT` says it, if that is set. One of `development`, `production`. |",
      "| `CART_PORT` | `5105` | Where the cart listens. |",
      "| `IDLE` | `30d` |  |",
      "| `WORKERS` | `2` |  |",
      "| `QUIET` | `false` |  |",
      "| `ORIGINS` |  |  |",
      "| `LOG_LEVEL` | `info` | The least level that is logged. One of `debug`, `info`, `warn`, `error`, `silent`. |",
      "| `SIGNING_SECRET` | in development only | Signs. |",
      "| `NAME` |  |  |",
    ].join("\n"),
  );
  expect(configReference(z.object({ A: z.string().describe("a | b").optional(), B: z.string() }))).toMatch(
    "| `A` |  | a \\| b |\n| `B` | required |",
  );
});
