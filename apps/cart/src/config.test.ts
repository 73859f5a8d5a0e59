import { parseConfig } from "@cartwright/service-kit/config";
import { expect, test } from "vitest";
import { cartConfig, cartProcessConfig, outsideIssuer } from "./config.ts";

const secrets = { BILLING_SECRET: "b", FRAUD_SECRET: "f", NOTIFICATION_SECRET: "n", PROJECTOR_SECRET: "p", PRIVACY_MASTER_KEY: "k" };

test("in development nothing needs to be configured", () => {
  const config = parseConfig(cartConfig, {});
  expect(config).toMatchObject({ CART_PORT: 5105, DEFAULT_CURRENCY: "VND", CART_IDLE_GUEST: 30 * 86_400_000, CORS_ORIGINS: [] });
  expect(outsideIssuer(config)).toBeUndefined();
});

test("in production every secret must be given, and a process of its own needs its database", () => {
  const environment = { APP_ENV: "production", POSTGRES_CONNECTION_STRING: "Host=db;Database=shop;Username=cart;Password=x" };
  expect(() => parseConfig(cartProcessConfig, environment)).toThrow(/BILLING_SECRET: is required\n.*FRAUD_SECRET: is required/s);
  expect(() => parseConfig(cartProcessConfig, { ...secrets, APP_ENV: "production" })).toThrow("POSTGRES_CONNECTION_STRING: is required");
  expect(parseConfig(cartProcessConfig, { ...environment, ...secrets })).toMatchObject({ ADMIN_HOST: "127.0.0.1" });
});

test("an outside issuer is named whole or not at all", () => {
  const url = "https://issuer.example/jwks.json";
  expect(() => parseConfig(cartConfig, { AUTH_JWKS_URL: url })).toThrow("AUTH_ISSUER: goes together with AUTH_JWKS_URL");
  const config = parseConfig(cartConfig, { AUTH_JWKS_URL: url, AUTH_ISSUER: "https://issuer.example" });
  expect(outsideIssuer(config)).toEqual({ issuer: "https://issuer.example", jwksUrl: new URL(url) });
});

test("every variable says what it is for", () => {
  for (const field of Object.values(cartProcessConfig.shape)) expect(field.description?.length ?? 0).toBeGreaterThan(10);
});
