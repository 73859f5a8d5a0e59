import { readFileSync } from "node:fs";
import { join } from "node:path";
import { billingRouter } from "@cartwright/billing/router";
import { priceScope, supportScope } from "@cartwright/cart/carts/access";
import { privacyScope } from "@cartwright/cart/privacy/privacy-request";
import { cartServiceRouter } from "@cartwright/cart/router";
import { fraudRouter } from "@cartwright/fraud/router";
import { notificationRouter } from "@cartwright/notification/router";
import { projectorRouter } from "@cartwright/projector/router";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { expect, test } from "vitest";
import { isScope, scopes } from "./scopes.ts";

const routers = [billingRouter, cartServiceRouter, fraudRouter, notificationRouter, projectorRouter];
const asked = routers
  .flatMap((router) => [...routerAccess(router).values()])
  .flatMap((access) => (typeof access === "object" ? [access.scope] : []));

test("the scopes that are known are those that something asks for", () => {
  expect(new Set(Object.keys(scopes))).toEqual(new Set([...asked, priceScope, supportScope, privacyScope]));
});

test("a scope that nobody asks for is none", () => {
  for (const scope of [...asked, "service:billing"]) expect([scope, isScope(scope)]).toEqual([scope, true]);
  for (const scope of ["ops:raed", "service:shop", "toString", ""]) expect([scope, isScope(scope)]).toEqual([scope, false]);
});

test("the README names each", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  expect(Object.keys(scopes).filter((scope) => !readme.includes(`\`${scope}\``))).toEqual([]);
});
