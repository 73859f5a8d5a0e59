import { expect, test } from "vitest";
import { redisConfig } from "./redis-config.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

test("a private authority's certificate is taken with its line breaks or on one line, and nothing else is", () => {
  for (const written of [pem, pem.replaceAll("\n", "\\n")]) expect(redisConfig.parse({ REDIS_TLS_CA: written }).REDIS_TLS_CA).toBe(pem);
  expect(redisConfig.safeParse({ REDIS_TLS_CA: "/etc/ssl/ca.pem" }).success).toBe(false);
  expect(redisConfig.parse({}).REDIS_TLS_CA).toBeUndefined();
});
