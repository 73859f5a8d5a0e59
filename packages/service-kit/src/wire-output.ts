import superjson from "superjson";

export type WireValue = { json: unknown; meta?: object };

/**
 * What `superjson.serialize` answers, found in one walk that copies only what it changes, for JSON values with dates, bigints
 * and undefined among them. Anything else goes to superjson itself. The one difference: the client is not told which objects
 * are the same one.
 */
export const encodeOutput = (value: unknown): WireValue => {
  const walk: Walk = { path: [], annotations: undefined };
  const json = encode(value, walk);
  if (json === FOREIGN) return superjson.serialize(value);
  if (walk.annotations === undefined) return { json };
  return { json, meta: { values: walk.annotations, v: 1 } };
};

type Leaf = readonly ["Date" | "bigint" | "undefined"];
type Walk = {
  readonly path: (string | number)[];
  /** By path; a single one where the value itself is a leaf. */
  annotations: Record<string, Leaf> | Leaf | undefined;
};

/** Deeper values are superjson's, which also knows what to do with a cycle. */
const MAX_DEPTH = 32;
const FOREIGN = Symbol("not for the fast path");
const DATE: Leaf = ["Date"];
const BIGINT: Leaf = ["bigint"];
const UNDEFINED: Leaf = ["undefined"];

const encode = (value: unknown, walk: Walk): unknown => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : FOREIGN;
    case "undefined":
      return annotated(null, UNDEFINED, walk);
    case "bigint":
      return annotated(value.toString(), BIGINT, walk);
    case "object":
      return value === null ? null : encodeObject(value, walk);
    case "function":
    case "symbol":
      return FOREIGN;
  }
};

const encodeObject = (value: object, walk: Walk): unknown => {
  if (Array.isArray(value)) return walk.path.length < MAX_DEPTH ? encodeItems(value, walk) : FOREIGN;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return walk.path.length < MAX_DEPTH ? encodeFields(value, walk) : FOREIGN;
  if (prototype !== Date.prototype) return FOREIGN;
  const date = value as Date;
  return Number.isNaN(date.getTime()) ? FOREIGN : annotated(date.toISOString(), DATE, walk);
};

const encodeItems = (items: readonly unknown[], walk: Walk): unknown => {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    walk.path.push(index);
    const json = encode(item, walk);
    walk.path.pop();
    if (json === FOREIGN) return FOREIGN;
    if (json !== item) {
      copy ??= [...items];
      copy[index] = json;
    }
  }
  return copy ?? items;
};

const encodeFields = (fields: object, walk: Walk): unknown => {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    // superjson refuses these names, and so do its clients.
    if (key === "__proto__" || key === "constructor" || key === "prototype") return FOREIGN;
    const field = (fields as Record<string, unknown>)[key];
    if (typeof field === "string") continue;
    walk.path.push(key);
    const json = encode(field, walk);
    walk.path.pop();
    if (json === FOREIGN) return FOREIGN;
    if (json !== field) {
      copy ??= { ...fields };
      copy[key] = json;
    }
  }
  return copy ?? fields;
};

const annotated = (json: string | null, leaf: Leaf, walk: Walk): string | null => {
  if (walk.path.length === 0) {
    walk.annotations = leaf;
    return json;
  }
  walk.annotations ??= {};
  (walk.annotations as Record<string, Leaf>)[pathOf(walk.path)] = leaf;
  return json;
};

const pathOf = (path: readonly (string | number)[]): string => {
  let text = "";
  for (const [index, key] of path.entries()) {
    if (index > 0) text += ".";
    text += typeof key === "string" && /[.\\]/.test(key) ? key.replaceAll("\\", "\\\\").replaceAll(".", "\\.") : key;
  }
  return text;
};
