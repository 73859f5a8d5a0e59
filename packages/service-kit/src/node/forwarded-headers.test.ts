import { expect, test } from "vitest";
import { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";

test("the caller's token, language and correlation id go along, and where the request came from is added", () => {
  const given = { authorization: "Bearer t", "accept-language": "de", "x-correlation-id": "c-1", "x-forwarded-for": "203.0.113.9" };
  const request = new Request("https://shop.example/trpc/x", { headers: given });
  const headers = forwardedHeaders(request, { url: new URL(request.url), peer: "198.51.100.7" });
  expect(headers.toJSON()).toEqual({
    ...given,
    "x-forwarded-for": "203.0.113.9, 198.51.100.7",
    "x-forwarded-host": "shop.example",
    "x-forwarded-proto": "https",
  });
});

test("what concerns one connection alone stays there, also what the connection header names", () => {
  const headers = endToEndHeaders(
    new Headers({ connection: "close, X-Debug", "keep-alive": "timeout=5", upgrade: "h2c", te: "trailers", "x-debug": "1", accept: "*/*" }),
  );
  expect(headers.toJSON()).toEqual({ accept: "*/*" });
});

test("a connection header that names nonsense breaks nothing", () => {
  expect(endToEndHeaders(new Headers({ connection: "a b, , é", accept: "*/*" })).get("accept")).toBe("*/*");
});

test("the handshake of a socket is each connection's own", () => {
  const request = new Request("http://shop/trpc/x", {
    headers: { "sec-websocket-key": "k", "sec-websocket-extensions": "permessage-deflate" },
  });
  expect([...forwardedHeaders(request, { url: new URL(request.url), peer: undefined }).keys()]).toEqual([
    "x-forwarded-host",
    "x-forwarded-proto",
  ]);
});
