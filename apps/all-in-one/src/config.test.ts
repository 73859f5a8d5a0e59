import { expect, test } from "vitest";
import { parseAllInOne } from "./config.ts";

test("every fault of every service is told at once, and what they share once", () => {
  const environment = {
    APP_ENV: "prod",
    ADMIN_PORT: "many",
    CHECKOUT_DEADLINE: "15",
    DEFAULT_CURRENCY: "XXY",
    CAPTURE: "perhaps",
    FRAUD_PORT: "-1",
    SMTP_URL: "mail",
    REDIS_CONNECTION_STRING: "ftp://redis",
    STOREFRONT_PORT: "65536",
  };
  const lines = messageOf(() => parseAllInOne(environment)).split("\n");
  expect(lines.slice(1).map((line) => /^ {2}([A-Z_]+): /.exec(line)?.[1])).toEqual(expect.arrayContaining(Object.keys(environment)));
  expect(lines).toHaveLength(new Set(lines).size);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

test("without an environment each service has its own", () => {
  const { cart, billing, storefront } = parseAllInOne({});
  expect([cart.CART_PORT, billing.BILLING_PORT, storefront.STOREFRONT_PORT]).toEqual([5105, 5201, 5100]);
});

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("the configuration was accepted");
};
