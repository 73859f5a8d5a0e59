import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { assetResponse } from "./asset-response.ts";
import { assetOf } from "./page-assets.ts";

const script = new TextEncoder().encode("const shop = 1;\n".repeat(100));
const asset = assetOf("assets/main-1a2b.js", script);

const ask = (headers: Record<string, string> = {}, path = "/assets/main-1a2b.js", method = "GET") =>
  assetResponse(new Request(`http://shop${path}`, { method, headers }), path, asset);

describe("a file", () => {
  test("is sent in the smallest form that the browser takes", async () => {
    const br = ask({ "accept-encoding": "gzip, deflate, br" });
    expect(br.headers.get("content-encoding")).toBe("br");
    expect(new Uint8Array(brotliDecompressSync(await br.bytes()))).toEqual(script);
    const gzip = ask({ "accept-encoding": "gzip;q=0.8, br;q=0" });
    expect(gzip.headers.get("content-encoding")).toBe("gzip");
    expect(new Uint8Array(gunzipSync(await gzip.bytes()))).toEqual(script);
    const plain = ask();
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.bytes()).toEqual(script);
  });

  test("whose name says what is in it is kept for ever; the page that names it is asked for each time", () => {
    expect(ask().headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(ask({}, "/").headers.get("cache-control")).toBe("no-cache");
    expect(ask({}, "/images/products/prod-456.svg").headers.get("cache-control")).toBe("public, max-age=3600");
  });

  test("that the browser has already is not sent again", async () => {
    const response = ask({ "if-none-match": `"other", W/${asset.etag}` });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
    expect(ask({ "if-none-match": '"other"' }).status).toBe(200);
  });

  test("is described to HEAD as it would be sent", async () => {
    const response = ask({}, "/assets/main-1a2b.js", "HEAD");
    expect(response.headers.get("content-length")).toBe(String(script.length));
    expect(await response.text()).toBe("");
  });
});

test("the page may run its own script alone, talk to its own origin alone, and stand in nobody's frame", () => {
  const policy = ask({}, "/").headers.get("content-security-policy") ?? "";
  for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  expect(policy).not.toContain("unsafe");
});

test("a kind of file that nobody named is a bug", () => {
  expect(() => assetOf("assets/tool.exe", script)).toThrow(TypeError);
});
