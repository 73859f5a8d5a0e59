import * as z from "zod";

/** Options of postgres.js. */
export type PostgresConnection = {
  /** Several are separated by commas, each with its own port after a colon if it has one; a folder is one that holds a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly ssl: PostgresSsl;
  /** What the server is told of the session, such as `application_name`. */
  readonly connection: Readonly<Record<string, string>>;
};

export type PostgresSsl = false | "prefer" | "require" | "verify-full";

/** A field of a configuration: `postgres://…`, or `Host=…;Database=…;Username=…;Password=…` as .NET writes it. */
export const postgresConnection = () =>
  z.string().transform((text, context) => {
    const parsed = parsePostgresConnection(text);
    if (parsed.ok) return parsed.connection;
    context.addIssue({ code: "custom", message: parsed.reason });
    return z.NEVER;
  });

export type ParsedPostgresConnection =
  | { readonly ok: true; readonly connection: PostgresConnection }
  /** The reason quotes no value: one of them is a password. */
  | { readonly ok: false; readonly reason: string };

export const parsePostgresConnection = (text: string): ParsedPostgresConnection => {
  const isUrl = /^postgres(?:ql)?:\/\//i.test(text);
  const parts = isUrl ? partsOfUrl(text) : partsOfPairs(text.trim());
  if (typeof parts === "string") return { ok: false, reason: parts };
  const host = parts.get("host") ?? (isUrl ? "localhost" : "");
  if (host === "") return { ok: false, reason: "names no host" };
  const port = parts.get("port") ?? "5432";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { ok: false, reason: "its port is not one" };
  const ssl = sslModes.get(parts.get("ssl")?.toLowerCase().replace(/[- ]/g, "") ?? "prefer");
  if (ssl === undefined) return { ok: false, reason: "its SSL mode is none of disable, allow, prefer, require, verify-ca, verify-full" };
  const user = parts.get("user") ?? "postgres";
  const database = parts.get("database") || user;
  const connection = Object.fromEntries([...parts].flatMap(([key, value]) => (key.startsWith("set ") ? [[key.slice(4), value]] : [])));
  return { ok: true, connection: { host, port: Number(port), database, user, password: parts.get("password") ?? "", ssl, connection } };
};

/** By the names of .NET and libpq without their punctuation. postgres.js has no mode that checks the authority alone: it gets the stricter one. */
const sslModes: ReadonlyMap<string, PostgresSsl> = new Map<string, PostgresSsl>([
  ["disable", false],
  ["allow", "prefer"],
  ["prefer", "prefer"],
  ["require", "require"],
  ["verifyca", "verify-full"],
  ["verifyfull", "verify-full"],
]);

/** What either form says, by one set of names; or why it cannot be read. */
type Parts = Map<string, string>;

const partsOfUrl = (text: string): Parts | string => {
  const [, authority = "", path = "", query = ""] = /^\w+:\/\/([^/?]*)\/?([^?]*)\??(.*)$/.exec(text) ?? [];
  const at = authority.lastIndexOf("@");
  const [, user, password] = /^([^:]*):?(.*)$/.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const named = { user, password, database: path, ...hostAndPort(authority.slice(at + 1)) };
  const parts: Parts = new Map();
  try {
    for (const [name, value] of Object.entries(named)) if (value) parts.set(name, decodeURIComponent(value));
  } catch {
    return "has a % that begins no encoded character";
  }
  for (const [name, value] of new URLSearchParams(query)) {
    const part = partOfParameter(name.toLowerCase());
    if (part !== undefined) parts.set(part, value);
  }
  return parts;
};

/** Where there are several hosts, each keeps its port. */
const hostAndPort = (hosts: string): { host: string; port?: string | undefined } => {
  const [, host = hosts, port] = /^(\[[^\]]*\]|[^:,]*)(?::([^,]*))?$/.exec(hosts) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port };
};

const partOfParameter = (name: string): string | undefined => {
  if (name === "sslmode") return "ssl";
  if (["host", "port", "user", "password"].includes(name)) return name;
  if (name === "dbname") return "database";
  return clientSideParameters.has(name) ? undefined : `set ${name}`;
};

/** Of libpq itself: a server refuses to be told them. */
const clientSideParameters = new Set(["channel_binding", "connect_timeout", "gssencmode", "sslnegotiation", "target_session_attrs"]);

const partsOfPairs = (text: string): Parts | string => {
  const parts: Parts = new Map();
  const pairs = [...text.matchAll(/\s*([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*?))\s*(?:;|$)/g)];
  if (pairs.map(([whole]) => whole).join("").length !== text.length || pairs.length === 0) {
    return "is neither postgres://… nor pairs such as Host=…;Database=…;Username=…;Password=…";
  }
  for (const [, key = "", double, single, bare = ""] of pairs) {
    const part = keywords.get(key.toLowerCase().replace(/[ _]/g, ""));
    if (part === undefined) return `has the keyword ${key}, which is not known here`;
    if (part !== "") parts.set(part, double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? bare);
  }
  return parts;
};

/** Npgsql's keywords that mean something here; an empty one is known and without effect. */
const keywords: ReadonlyMap<string, string> = new Map([
  ["host", "host"],
  ["server", "host"],
  ["port", "port"],
  ["database", "database"],
  ["db", "database"],
  ["username", "user"],
  ["userid", "user"],
  ["user", "user"],
  ["uid", "user"],
  ["password", "password"],
  ["pwd", "password"],
  ["sslmode", "ssl"],
  ["applicationname", "set application_name"],
  ["searchpath", "set search_path"],
  ["timezone", "set timezone"],
  ["options", "set options"],
  ["pooling", ""],
  ["minimumpoolsize", ""],
  ["maximumpoolsize", ""],
  ["timeout", ""],
  ["commandtimeout", ""],
  ["keepalive", ""],
  ["includeerrordetail", ""],
  ["trustservercertificate", ""],
]);
