import { isRetryable } from "@cartwright/failures/is-retryable";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import * as z from "zod";
import type { InputIssue } from "./problem.ts";
import { type Refusal, RefusalError } from "./refusal.ts";
import { type RequestRefusal, requestRefused } from "./request-refusal.ts";

/** What a client is told of an error, over tRPC as over REST. */
export type EdgeError = {
  readonly code: TRPCError["code"];
  readonly status: number;
  readonly title: string;
  readonly refusal?: Refusal;
  readonly issues?: readonly InputIssue[];
  /** When asking again may help. */
  readonly retryAfterSeconds?: number;
};

/**
 * Of a refusal everything; of an input that is not valid where; of what is away when to ask again; of a bug, and that is
 * anything else, nothing.
 */
export const edgeError = (error: unknown): EdgeError => {
  if (error instanceof RefusalError) return refused(error);
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") return thrownAsSuch(error);
  return isRetryable(error) ? UNAVAILABLE : INTERNAL;
};

/** An input that a schema does not accept, as the error to throw. */
export const invalidInput = (cause: z.core.$ZodError): TRPCError => new TRPCError({ code: "BAD_REQUEST", cause });

const UNAVAILABLE: EdgeError = {
  code: "SERVICE_UNAVAILABLE",
  status: 503,
  title: "Something that this needs is away: try again",
  retryAfterSeconds: 1,
};
const INTERNAL: EdgeError = { code: "INTERNAL_SERVER_ERROR", status: 500, title: "Something went wrong here" };

const refused = (error: RefusalError): EdgeError => ({
  code: error.code,
  status: getHTTPStatusCodeFromError(error),
  title: error.message,
  refusal: error.refusal,
  ...("retryAfterMs" in error.refusal && { retryAfterSeconds: Math.max(1, Math.ceil(Number(error.refusal.retryAfterMs) / 1_000)) }),
});

/** What a 401 says in `WWW-Authenticate` (RFC 6750): where a token came and is no good, that it is the token. */
export const challengeOf = ({ refusal }: Pick<EdgeError, "refusal">): string => {
  const fault = refusal?.code === "Unauthenticated" && "reason" in refusal ? refusal.reason : "missing";
  return fault === "missing" ? "Bearer" : `Bearer error="invalid_token", error_description="the access token is ${fault}"`;
};

/** By tRPC itself, or by a service that has no refusal for it. A message may be that of its cause, which is nobody's business. */
const thrownAsSuch = (error: TRPCError): EdgeError => {
  const refusal = tellingRefusals[error.code];
  if (refusal?.code === "InvalidInput") return { ...refused(requestRefused(refusal)), issues: issuesOf(error) };
  if (refusal !== undefined) return refused(requestRefused(refusal));
  if (error.code === "SERVICE_UNAVAILABLE") return UNAVAILABLE;
  const status = getHTTPStatusCodeFromError(error);
  if (status >= 500) return { ...INTERNAL, code: error.code, status };
  return { code: error.code, status, title: error.cause === undefined ? error.message : error.code };
};

const tellingRefusals: Partial<Record<TRPCError["code"], RequestRefusal>> = {
  PARSE_ERROR: { code: "InvalidInput" },
  BAD_REQUEST: { code: "InvalidInput" },
  NOT_FOUND: { code: "NotFound" },
  METHOD_NOT_SUPPORTED: { code: "MethodNotAllowed" },
  UNSUPPORTED_MEDIA_TYPE: { code: "UnsupportedMediaType" },
};

const issuesOf = ({ cause, message }: TRPCError): readonly InputIssue[] => {
  if (!(cause instanceof z.core.$ZodError)) return [{ path: [], message }];
  return cause.issues.slice(0, MAX_ISSUES).map((issue) => ({ path: issue.path.map(segment), message: issue.message }));
};

/** A client mends the first few; a body full of faults must not be answered with a larger one. */
const MAX_ISSUES = 20;

const segment = (key: PropertyKey) => (typeof key === "number" ? key : String(key));
