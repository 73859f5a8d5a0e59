import type { Asset } from "./page-assets.ts";

/** Answers a request for a file: not at all where the browser has it already, else in the smallest form that it takes. */
export const assetResponse = (request: Request, path: string, asset: Asset): Response => {
  const headers = new Headers({
    ...securityHeaders,
    "content-type": asset.contentType,
    "cache-control": cacheControlOf(path),
    etag: asset.etag,
    vary: "accept-encoding",
  });
  if (matches(request.headers.get("if-none-match"), asset.etag)) return new Response(null, { status: 304, headers });
  const encoding = encodingFor(request.headers.get("accept-encoding"), asset);
  if (encoding !== undefined) headers.set("content-encoding", encoding);
  const body = (encoding && asset.encodings[encoding]) ?? asset.body;
  headers.set("content-length", String(body.byteLength));
  return new Response(request.method === "HEAD" ? null : body, { headers });
};

/** Files of the page carry a hash of their content in their names; the page that names them is asked for each time. */
const cacheControlOf = (path: string): string => {
  if (path.startsWith("/assets/")) return "public, max-age=31536000, immutable";
  return path.startsWith("/images/") ? "public, max-age=3600" : "no-cache";
};

const matches = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);

const encodingFor = (accepted: string | null, { encodings }: Asset): "br" | "gzip" | undefined => {
  const offers = (accepted ?? "").split(",").map((offer) => offer.trim());
  const takes = (name: string) =>
    offers.some((offer) => offer === name || (offer.startsWith(`${name};`) && !/;\s*q=0(\.0+)?$/.test(offer)));
  return (["br", "gzip"] as const).find((name) => encodings[name] && takes(name));
};

/**
 * The page runs its own script and nothing else, talks to its own origin alone, and stands in nobody's frame. Pictures of products may lie
 * anywhere: the catalogue says where.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: http: https:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};
