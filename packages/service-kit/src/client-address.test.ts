import { expect, test } from "vitest";
import { clientAddressOf, remoteAddressOf } from "./client-address.ts";

const remoteAddress = "10.0.0.1";

test.each([
  ["nobody forwards", undefined, 0, remoteAddress],
  ["somebody says to have forwarded, and no proxy is trusted", "6.6.6.6", 0, remoteAddress],
  ["one proxy is trusted", "203.0.113.7", 1, "203.0.113.7"],
  ["the client wrote one more", "6.6.6.6, 203.0.113.7", 1, "203.0.113.7"],
  ["two proxies are trusted", "6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"],
  ["fewer forwarded than are trusted", "203.0.113.7", 3, "203.0.113.7"],
  ["what was forwarded is no address", "<script>", 1, remoteAddress],
  ["it is an IPv6 address", "2001:db8::7", 1, "2001:db8::7"],
])("where %s, the client is the one that is believed", (_case, forwardedFor, trusted, expected) =>
  expect(clientAddressOf({ remoteAddress, forwardedFor }, trusted)).toBe(expected),
);

test("where the runtime does not say, nobody knows", () => {
  expect(clientAddressOf({ remoteAddress: undefined, forwardedFor: "203.0.113.7" }, 1)).toBeUndefined();
  expect(remoteAddressOf(undefined, new Request("http://cart.test"))).toBeUndefined();
});

test("Bun and Deno say it", () => {
  const request = new Request("http://cart.test");
  expect(remoteAddressOf({ requestIP: () => ({ address: remoteAddress }) }, request)).toBe(remoteAddress);
  expect(remoteAddressOf({ remoteAddr: { hostname: remoteAddress } }, request)).toBe(remoteAddress);
});
