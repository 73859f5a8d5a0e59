import { expect, test } from "vitest";
import { serviceSecrets } from "./service-secrets.ts";

const isSecretOf = serviceSecrets({ billing: "of billing", fraud: "of fraud" });

test("a service is known by its own secret alone", async () => {
  expect(await isSecretOf("billing", "of billing")).toBe(true);
  expect(await isSecretOf("billing", "of fraud")).toBe(false);
  expect(await isSecretOf("billing", "")).toBe(false);
});

test.each(["nobody", "__proto__", "toString", ""])("%j is no service, whatever it says", async (service) => {
  expect(await isSecretOf(service, "of billing")).toBe(false);
  expect(await isSecretOf(service, "undefined")).toBe(false);
});
