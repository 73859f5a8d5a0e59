import { expect, test } from "vitest";
import * as z from "zod";
import { port } from "./config-fields.ts";
import { misspeltVariables } from "./misspelt-variables.ts";

const schemas = [z.object({ CART_PORT: port(1), HOST: z.string() }), z.object({ CART_PORT: port(1), CHECKOUT_DEADLINE: z.string() })];

test.each([
  ["CART_PROT", "CART_PORT"],
  ["CART_PORTS", "CART_PORT"],
  ["CRT_PORT", "CART_PORT"],
  ["cart_port", "CART_PORT"],
  ["CHEKOUT_DEADLINE", "CHECKOUT_DEADLINE"],
])("%s is taken for a slip of %s", (variable, name) => {
  expect(misspeltVariables(schemas, { [variable]: "1" })).toEqual([`${variable} is set and is read by nothing here: is ${name} meant?`]);
});

test.each(["CART_PORT", "HOSTS", "MOST", "PORT", "CART_URL", "CART_HOST", "BILLING_PORT", "CHECKOUT", "PATH"])("%s is not", (variable) => {
  expect(misspeltVariables(schemas, { [variable]: "1" })).toEqual([]);
});

test("what is spelt well besides is not asked about", () => {
  expect(misspeltVariables(schemas, { CART_PORT: "1", CART_PORT_2: "2" })).toEqual([]);
});
