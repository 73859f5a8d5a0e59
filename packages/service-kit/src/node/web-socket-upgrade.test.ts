import { describe, expect, test } from "vitest";
import { keptHeaders, upgradeRefusal } from "./web-socket-upgrade.ts";

const request = (headers: Record<string, string> = {}, target = "/trpc?connectionParams=1") =>
  new Request(`http://cart.example${target}`, { headers: { host: "cart.example", ...headers } });

const statusOf = (asked: Request, origins: readonly string[] = ["https://shop.example"]) =>
  upgradeRefusal(asked, { path: "/trpc", origins })?.status;

describe("a page may connect", () => {
  test.each([
    ["of an allowed origin", { origin: "https://shop.example" }],
    ["that the same host serves", { origin: "http://cart.example" }],
    ["which is none, since it sends no origin", {}],
  ])("%s", (_, headers) => {
    expect(statusOf(request(headers))).toBe(undefined);
  });

  test("of any origin where any is allowed", () => {
    expect(statusOf(request({ origin: "https://evil.example" }), ["*"])).toBe(undefined);
  });
});

describe("a page may not connect", () => {
  test.each([
    "https://evil.example",
    "http://shop.example",
    "https://shop.example:8443",
    "https://shop.example.evil.example",
    "null",
    "",
    "http://cart.example.evil.example",
  ])("of %s", (origin) => {
    expect(statusOf(request({ origin }))).toBe(403);
  });
});

test("who does not announce a first message is refused", () => {
  expect(statusOf(request({}, "/trpc"))).toBe(400);
  expect(statusOf(request({}, "/trpc?connectionParams=0"))).toBe(400);
});

test("there is no WebSocket elsewhere", () => {
  expect(statusOf(request({}, "/api/cart?connectionParams=1"))).toBe(404);
});

test("of the headers only those are kept that say who asks and in which trace", () => {
  const kept = keptHeaders(request({ authorization: "Bearer t", cookie: "c", "x-correlation-id": "7" }));
  expect([...kept]).toEqual([
    ["authorization", "Bearer t"],
    ["x-correlation-id", "7"],
  ]);
});
