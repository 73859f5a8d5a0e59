import { TRPCError } from "@trpc/server";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { challengeOf, edgeError } from "./edge-error.ts";
import { problem } from "./problem.ts";
import { type RequestRefusal, requestRefused } from "./request-refusal.ts";
import type { ServiceEnv } from "./service-env.ts";

/** The problem that answers an error of a route. What is nobody's refusal is logged. */
export const errorResponse = (c: Context<ServiceEnv>, thrown: unknown): Response => {
  const error = thrown instanceof HTTPException ? ofHttpException(thrown) : thrown;
  const told = edgeError(error);
  const { status, title, refusal, issues, retryAfterSeconds } = told;
  const { correlationId, logger } = c.var;
  if (status >= 500) logger.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
  const answer = problem({ status, title, refusal, errors: issues, correlationId });
  if (retryAfterSeconds !== undefined) answer.headers.set("retry-after", String(retryAfterSeconds));
  if (status === 401) answer.headers.set("www-authenticate", challengeOf(told));
  return answer;
};

/** Hono's own errors, such as that of a body that is not JSON. */
const ofHttpException = (thrown: HTTPException): unknown => {
  if (thrown.status === 400) return new TRPCError({ code: "BAD_REQUEST", message: thrown.message });
  const refusal = refusals[thrown.status];
  return refusal === undefined ? thrown : requestRefused(refusal);
};

const refusals: Readonly<Record<number, RequestRefusal>> = {
  404: { code: "NotFound" },
  405: { code: "MethodNotAllowed" },
  415: { code: "UnsupportedMediaType" },
};
