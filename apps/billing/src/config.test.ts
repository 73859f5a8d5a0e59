import { parseConfig } from "@cartwright/service-kit/config";
import { expect, test } from "vitest";
import { billingConfig, billingProcessConfig, paymentProviderOf, paymentReturnUrlOf } from "./config.ts";

const stripe = { STRIPE_SECRET_KEY: "sk_live_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
const production = { APP_ENV: "production" };
const providerOf = (environment: Record<string, string>) => paymentProviderOf(parseConfig(billingConfig, environment));

test("the simulator takes Stripe's place in development, and Stripe has it where there is a key", () => {
  expect(providerOf({})).toBe("simulator");
  expect(providerOf(stripe)).toBe("stripe");
  expect(providerOf({ ...production, ...stripe })).toBe("stripe");
  expect(providerOf({ ...stripe, PAYMENT_PROVIDER: "simulator" })).toBe("simulator");
});

test("in production nobody is paid by the simulator by mistake: it has to be asked for", () => {
  expect(() => providerOf(production)).toThrow("STRIPE_SECRET_KEY: is required in production, unless PAYMENT_PROVIDER=simulator");
  expect(providerOf({ ...production, PAYMENT_PROVIDER: "simulator" })).toBe("simulator");
  const process = { ...production, BILLING_SECRET: "b", POSTGRES_CONNECTION_STRING: "Host=db;Database=shop;Username=billing;Password=x" };
  expect(() => parseConfig(billingProcessConfig, process)).toThrow("STRIPE_SECRET_KEY: is required in production");
  expect(parseConfig(billingProcessConfig, { ...process, ...stripe })).toMatchObject(stripe);
});

test("Stripe is named whole or not at all", () => {
  expect(() => providerOf({ PAYMENT_PROVIDER: "stripe" })).toThrow("STRIPE_SECRET_KEY: goes together with PAYMENT_PROVIDER=stripe");
  expect(() => providerOf({ STRIPE_SECRET_KEY: "sk_test_1" })).toThrow("STRIPE_WEBHOOK_SECRET: goes together with STRIPE_SECRET_KEY");
});

test("no pause is so long that what is held has ended meanwhile", () => {
  const bounded = { AUTHORIZATION_MARGIN: "3d", CAPTURE_RETRY_DELAY: "1d", REFUND_RETRY_DELAY: "1d", PAYMENT_CHECK_DELAY: "1d" };
  expect(parseConfig(billingConfig, bounded)).toMatchObject({ AUTHORIZATION_MARGIN: 3 * 86_400_000, CAPTURE_RETRY_DELAY: 86_400_000 });
  for (const [name, most] of Object.entries(bounded))
    expect(() => parseConfig(billingConfig, { [name]: "4d" })).toThrow(`${name}: must be ${most} at most`);
});

test("a shopper comes back from 3-D Secure to the storefront, wherever that listens, unless another address is given", () => {
  const backTo = (environment: Record<string, string>) => paymentReturnUrlOf(parseConfig(billingConfig, environment));
  expect(backTo({})).toBe("http://localhost:5100/checkout");
  expect(backTo({ STOREFRONT_PORT: "8300" })).toBe("http://localhost:8300/checkout");
  expect(backTo({ STOREFRONT_PORT: "8300", PAYMENT_RETURN_URL: "https://shop.example/back" })).toBe("https://shop.example/back");
  const anyPort = parseConfig(billingConfig, { STOREFRONT_PORT: "0" });
  expect(paymentReturnUrlOf(anyPort, "http://localhost:49152")).toBe("http://localhost:49152/checkout");
});

test("every variable says what it is for", () => {
  for (const field of Object.values(billingProcessConfig.shape)) expect(field.description?.length ?? 0).toBeGreaterThan(10);
});
