import type { TRPCCombinedDataTransformer } from "@trpc/server";

/**
 * What calls and answers look like on the wire: JSON, and beside it where a date, a bigint or undefined stands in it, as superjson writes
 * them. The services take no other kind of value and send none, so this is all of superjson that a client needs.
 */
export const wire: TRPCCombinedDataTransformer = {
  input: { serialize: (input) => encode(input), deserialize: (received) => decode(received as WireValue) },
  output: { serialize: (output) => encode(output), deserialize: (received) => decode(received as WireValue) },
};

type WireValue = { json: unknown; meta?: { values?: Leaf | Record<string, Leaf>; v?: number } };

type Leaf = readonly [string];

/** @throws {TypeError} for a value that the services don't take. */
const encode = (value: unknown): WireValue => {
  const leaves: { readonly path: readonly string[]; readonly leaf: Leaf }[] = [];
  const json = encodeAt(value, [], (path, kind) => leaves.push({ path, leaf: [kind] }));
  const [first] = leaves;
  if (!first) return { json };
  if (first.path.length === 0) return { json, meta: { values: first.leaf, v: 1 } };
  return { json, meta: { values: Object.fromEntries(leaves.map(({ path, leaf }) => [path.map(escaped).join("."), leaf])), v: 1 } };
};

const encodeAt = (value: unknown, path: readonly string[], note: (path: readonly string[], kind: string) => void): unknown => {
  const annotated = (json: unknown, kind: string) => {
    note(path, kind);
    return json;
  };
  if (value === undefined) return annotated(null, "undefined");
  if (typeof value === "bigint") return annotated(value.toString(), "bigint");
  if (value instanceof Date) return annotated(value.toISOString(), "Date");
  if (Array.isArray(value)) return value.map((item, index) => encodeAt(item, [...path, String(index)], note));
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`A ${typeof value} can't be sent`);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map || value instanceof Set) throw new TypeError("A collection can't be sent: send an array");
  // What is undefined in an object need not be sent at all.
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, encodeAt(field, [...path, key], note)]));
};

const escaped = (key: string): string => key.replaceAll("\\", "\\\\").replaceAll(".", "\\.");

/** @throws {TypeError} for a kind of value that is not known here. */
const decode = ({ json, meta }: WireValue): unknown => {
  const values = meta?.values ?? {};
  if (isLeaf(values)) return decodeLeaf(json, values);
  for (const [path, leaf] of Object.entries(values)) {
    const keys = keysOf(path);
    const last = keys.pop() ?? "";
    // It was parsed a moment ago and is nobody else's yet.
    const parent = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], json) as Record<string, unknown>;
    parent[last] = decodeLeaf(parent[last], leaf);
  }
  return json;
};

const keysOf = (path: string): string[] => {
  const keys = [""];
  for (let at = 0; at < path.length; at++) {
    if (path[at] === ".") keys.push("");
    else keys.push(keys.pop() + (path[at] === "\\" ? (path[++at] ?? "") : (path[at] ?? "")));
  }
  return keys;
};

const decodeLeaf = (json: unknown, [kind]: Leaf): unknown => {
  if (kind === "undefined") return undefined;
  if (kind === "Date") return new Date(String(json));
  if (kind === "bigint") return BigInt(String(json));
  throw new TypeError(`The service sent a ${kind}, which this client does not know`);
};

const isLeaf = (values: Leaf | Record<string, Leaf>): values is Leaf => Array.isArray(values);
