import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** A file as it is served, with its compressed forms. */
export type Asset = {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
  /** By the name that stands in `content-encoding`, the smallest first. */
  readonly encodings: Readonly<Partial<Record<"br" | "gzip", Uint8Array<ArrayBuffer>>>>;
};

/** By path from the shop's root, such as `/assets/main-1a2b3c4d.js`; the page itself is `/`. */
export type PageAssets = ReadonlyMap<string, Asset>;

/** @throws {TypeError} for a kind of file that no page of ours is made of. */
export const assetOf = (fileName: string, body: Uint8Array<ArrayBuffer>): Asset => {
  const contentType = contentTypes[fileName.slice(fileName.lastIndexOf(".") + 1)];
  if (contentType === undefined) throw new TypeError(`nobody said what ${fileName} is`);
  const worthIt = body.length >= 512 && !fileName.endsWith(".map");
  return { body, contentType, etag: `"${Bun.hash(body).toString(36)}"`, encodings: worthIt ? compressed(body) : {} };
};

/** Where a file of the page is found: the page itself at the root. */
export const pathOf = (fileName: string): string => (fileName === PAGE ? "/" : `/${fileName}`);

const PAGE = "index.html";

/** Cheap enough for every start: twenty milliseconds or so for the whole page. */
const compressed = (body: Uint8Array<ArrayBuffer>): Asset["encodings"] => {
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } });
  return { br: new Uint8Array(br), gzip: new Uint8Array(gzipSync(body)) };
};

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  map: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};
