import { CORRELATION_HEADER } from "../correlation-id.ts";
import { problem } from "../problem.ts";

export type UpgradeRules = {
  readonly path: string;
  /** Of pages that may connect; `*` is any. A page that the same host serves always may. */
  readonly origins: readonly string[];
};

/** Why a request for a WebSocket is refused; undefined: it is not. */
export const upgradeRefusal = (request: Request, { path, origins }: UpgradeRules): Response | undefined => {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== path) return problem({ status: 404, title: "There is no WebSocket here" });
  if (!fromAllowedOrigin(request.headers, origins)) return problem({ status: 403, title: "Pages of this origin may not connect" });
  // Otherwise tRPC would take the connection for one of somebody unknown, before the client has said who it is.
  if (searchParams.get("connectionParams") !== "1")
    return problem({ status: 400, title: "A WebSocket is asked for with ?connectionParams=1, and its first message says who asks" });
  return undefined;
};

/** Browsers let any page connect anywhere and leave the judgement to us; what sends no origin is no browser. */
const fromAllowedOrigin = (headers: Headers, origins: readonly string[]): boolean => {
  const origin = headers.get("origin");
  if (origin === null || origins.includes("*") || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get("host");
};

/** What is kept of the request's headers for the life of the connection. */
export const keptHeaders = ({ headers }: Request): ReadonlyMap<string, string> =>
  new Map(KEPT.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ""] as const] : [])));

const KEPT = ["authorization", "traceparent", "x-forwarded-for", CORRELATION_HEADER];
