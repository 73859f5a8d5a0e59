/**
 * Decodes what a client sent as superjson, within bounds: stock superjson would build regular expressions, sets and graphs
 * of objects from a client's `meta` before any schema sees the input. Dates, bigints and undefined are all that `meta` may
 * name, at most 100 times, each where the JSON has what superjson writes for it.
 *
 * Anything else is answered with a marker that `wireFaultOf` knows, not with a throw: tRPC could not answer a throw to the
 * call that it belongs to.
 */
export const decodeInput = (received: unknown): unknown => {
  // Over a WebSocket a call without input is decoded, too.
  if (received === undefined) return undefined;
  if (!isRecord(received)) return fault("the input is not { json, meta? }");
  if (!Object.hasOwn(received, "json")) return fault("the input has no json: it is to be sent as superjson writes it");
  for (const key of Object.keys(received)) if (key !== "json" && key !== "meta") return fault("the input has more than json and meta");
  if (received.meta === undefined) return received.json;
  return applyMeta(received.json, received.meta);
};

/** Why `decodeInput` refused the input, if it did. */
export const wireFaultOf = (input: unknown): string | undefined =>
  typeof input === "object" && input !== null && WIRE_FAULT in input && typeof input[WIRE_FAULT] === "string"
    ? input[WIRE_FAULT]
    : undefined;

/** JSON has no symbols, so no client can make the marker. */
const WIRE_FAULT = Symbol("wire fault");
const fault = (reason: string) => ({ [WIRE_FAULT]: reason });

const MAX_ANNOTATIONS = 100;
const MAX_DEPTH = 32;

const applyMeta = (json: unknown, meta: unknown): unknown => {
  if (!isRecord(meta)) return fault("meta is not an object");
  for (const key of Object.keys(meta)) if (key !== "values" && key !== "v") return fault("meta has more than values and v");
  if (meta.v !== undefined && meta.v !== 1) return fault("meta.v is not 1");
  const { values } = meta;
  if (values === undefined) return json;
  if (Array.isArray(values)) return decodeRoot(json, values);
  if (!isRecord(values)) return fault("meta.values is not an object");
  const annotations = Object.entries(values);
  if (annotations.length > MAX_ANNOTATIONS) return fault(`meta.values has more than ${MAX_ANNOTATIONS} annotations`);
  for (const [path, annotation] of annotations) {
    const reason = decodeAt(json, path, annotation);
    if (reason !== undefined) return fault(reason);
  }
  return json;
};

const decodeRoot = (json: unknown, annotation: readonly unknown[]): unknown => {
  const leaf = decodeLeaf(json, annotation);
  return leaf.ok ? leaf.value : fault(leaf.reason);
};

/** Decodes one leaf in its place; answers why not. */
const decodeAt = (json: unknown, path: string, annotation: unknown): string | undefined => {
  const keys = parsePath(path);
  const last = keys?.pop();
  if (keys === undefined || last === undefined || keys.length >= MAX_DEPTH) return "meta.values has a path that is not one";
  let parent = json;
  for (const key of keys) parent = childOf(parent, key);
  const before = childOf(parent, last);
  if (before === NOTHING) return "meta.values names a place where nothing is";
  const leaf = decodeLeaf(before, annotation);
  if (!leaf.ok) return leaf.reason;
  // childOf found something, so the parent is an object or an array of the parsed JSON.
  (parent as Record<string, unknown>)[last] = leaf.value;
  return undefined;
};

type Decoded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

const decodeLeaf = (json: unknown, annotation: unknown): Decoded => {
  const type = Array.isArray(annotation) && annotation.length === 1 ? annotation[0] : undefined;
  switch (type) {
    case "undefined":
      return json === null ? { ok: true, value: undefined } : { ok: false, reason: "an undefined is not null" };
    case "bigint":
      return typeof json === "string" && BIGINT.test(json)
        ? { ok: true, value: BigInt(json) }
        : { ok: false, reason: "a bigint is not of up to 40 digits" };
    case "Date": {
      const date = typeof json === "string" && DATE.test(json) ? new Date(json) : undefined;
      return date === undefined || Number.isNaN(date.getTime())
        ? { ok: false, reason: "a Date is not an ISO time in UTC" }
        : { ok: true, value: date };
    }
    default:
      return { ok: false, reason: "meta.values may name Date, bigint and undefined" };
  }
};

const BIGINT = /^-?\d{1,40}$/;
const DATE = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOTHING = Symbol("nothing");
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Only what the client's JSON itself holds there: nothing inherited, nothing inside what an earlier annotation made. */
const childOf = (parent: unknown, key: string): unknown => {
  if (Array.isArray(parent)) return INDEX.test(key) && Number(key) < parent.length ? parent[Number(key)] : NOTHING;
  return isRecord(parent) && key !== "__proto__" && Object.hasOwn(parent, key) ? parent[key] : NOTHING;
};

/** The keys of a path that superjson wrote: joined by dots, with `\.` and `\\` for those within a key. */
const parsePath = (path: string): string[] | undefined => {
  if (!path.includes("\\")) return path.split(".");
  const keys: string[] = [];
  let key = "";
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at];
    if (char === ".") {
      keys.push(key);
      key = "";
    } else if (char === "\\") {
      at += 1;
      if (path[at] !== "\\" && path[at] !== ".") return undefined;
      key += path[at];
    } else key += char;
  }
  keys.push(key);
  return keys;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
