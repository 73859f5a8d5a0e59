import * as z from "zod";

/** Where a Redis is. */
export type RedisConnection =
  /** Upstash's REST. The token comes beside it, as `UPSTASH_REDIS_REST_TOKEN`. */
  { readonly kind: "rest"; readonly url: string } | RespConnection;

/** A plain Redis, or what speaks its protocol. */
export type RespConnection = {
  readonly kind: "resp";
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly database: number;
  readonly tls: boolean;
};

/** A field of a configuration: `https://…`, `redis://…`, `rediss://…`, or `host:port[,password=…,ssl=true]` as StackExchange.Redis writes it. */
export const redisConnection = () =>
  z.string().transform((text, context) => {
    const parsed = parseRedisConnection(text);
    if (parsed.ok) return parsed.connection;
    context.addIssue({ code: "custom", message: parsed.reason });
    return z.NEVER;
  });

export type ParsedRedisConnection =
  | { readonly ok: true; readonly connection: RedisConnection }
  /** The reason quotes no value: one of them is a password. */
  | { readonly ok: false; readonly reason: string };

export const parseRedisConnection = (text: string): ParsedRedisConnection => {
  const trimmed = text.trim();
  const connection = trimmed.includes("://") ? ofUrl(trimmed) : ofPairs(trimmed);
  return typeof connection === "string" ? { ok: false, reason: connection } : { ok: true, connection };
};

/** Either what was read, or why it can't be. */
type Read = RedisConnection | string;

const ofUrl = (text: string): Read => {
  if (!URL.canParse(text)) return "is no URL";
  const url = new URL(text);
  switch (url.protocol) {
    case "https:":
    case "http:":
      return ofRestUrl(url);
    case "redis:":
    case "rediss:":
      return ofRedisUrl(url);
    default:
      return "is none of https://, redis:// and rediss://";
  }
};

const ofRestUrl = (url: URL): Read => {
  if (url.username || url.password) return "has a name or a password in its URL: the token belongs into UPSTASH_REDIS_REST_TOKEN";
  if (url.protocol === "http:" && !loopback.has(url.hostname)) return "is http://, which would show the token to everybody on the way";
  return { kind: "rest", url: url.href.replace(/\/$/, "") };
};

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

const ofRedisUrl = (url: URL): Read => {
  try {
    return resp({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port,
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: url.pathname.slice(1),
      tls: url.protocol === "rediss:",
    });
  } catch {
    return "has a % that begins no encoded character";
  }
};

const ofPairs = (text: string): Read => {
  const parts = text.split(",").map((part) => part.trim());
  const servers = parts.filter((part) => part !== "" && !part.includes("="));
  if (servers.length !== 1) return servers.length === 0 ? "names no server" : "names several servers, and one can be used";
  const options = new Map(parts.flatMap((part) => (part.includes("=") ? [pairOf(part)] : [])));
  const unknown = [...options.keys()].find((key) => !known.has(key));
  if (unknown !== undefined) return `has the option ${unknown}, which is not known here`;
  const [, host = "", port = ""] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(servers[0] ?? "") ?? [];
  const ssl = options.get("ssl")?.toLowerCase() ?? "false";
  if (ssl !== "true" && ssl !== "false") return "has an ssl that is neither true nor false";
  return resp({
    host: host.replace(/^\[|\]$/g, ""),
    port,
    username: options.get("user") ?? "",
    password: options.get("password") ?? "",
    database: options.get("defaultdatabase") ?? "",
    tls: ssl === "true",
  });
};

const pairOf = (part: string): [string, string] => {
  const at = part.indexOf("=");
  return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
};

const meaningful = ["user", "password", "ssl", "defaultdatabase"];
/** Of .NET's client, with nothing to say to this one. */
const without = ["abortconnect", "allowadmin", "asynctimeout", "connectretry", "connecttimeout", "keepalive", "name", "synctimeout"];
const known = new Set([...meaningful, ...without]);

type Parts = Omit<RespConnection, "kind" | "port" | "database"> & { readonly port: string; readonly database: string };

const resp = ({ port, database, ...parts }: Parts): Read => {
  if (parts.host === "") return "names no host";
  if (port !== "" && (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)) return "its port is not one";
  if (!/^\d{0,4}$/.test(database)) return "its database is not a number";
  return { kind: "resp", ...parts, port: Number(port || 6379), database: Number(database) };
};
