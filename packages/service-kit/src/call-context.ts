import { TRPCError } from "@trpc/server";
import type { Context } from "hono";
import type { Logger } from "./logger.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import type { Principal } from "./principal.ts";
import { requestRefused } from "./request-refusal.ts";
import type { ServiceEnv } from "./service-env.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** What every procedure and route knows about its call; a service's context adds to it. */
export type CallContext = {
  /** Absent: nobody has identified themselves. */
  readonly principal: Principal | undefined;
  /**
   * Why each call with these credentials is refused, also of public procedures. Kept instead of thrown: an error while
   * the context is made could not be answered to the call that it belongs to.
   */
  readonly denial?: TRPCError | undefined;
  /** Asks again whether a principal is still good: a connection may outlive its token. */
  readonly recheck?: ((principal: Principal) => TRPCError | undefined) | undefined;
  readonly correlationId: string;
  /** Its lines carry the correlation id. */
  readonly logger: Logger;
  /** Told of every procedure call when it ends. */
  readonly observeCall?: ((call: ObservedCall) => void) | undefined;
};

export type ObservedCall = {
  readonly path: string;
  /** `OK` or the tRPC code of the error. */
  readonly outcome: string;
  readonly seconds: number;
};

export type CallContextOptions = {
  readonly verifier: TokenVerifier;
  readonly metrics?: Metrics;
};

/** A function that makes the context of a call from its request; it never throws. */
export const callContexts = ({ verifier, metrics = noMetrics }: CallContextOptions) => {
  const durations = metrics.histogram({
    name: "trpc_call_duration_seconds",
    help: "How long calls of procedures took, by procedure and outcome",
    labels: ["procedure", "outcome"],
  });
  const observeCall = ({ path, outcome, seconds }: ObservedCall) => durations.observe({ procedure: path, outcome }, seconds);
  const recheck = (principal: Principal) => {
    const reason = verifier.recheck(principal);
    return reason && requestRefused({ code: "Unauthenticated", reason });
  };
  return async (c: Context<ServiceEnv>): Promise<CallContext> => {
    const { principal, denial } = await identify(verifier, c.req.header("authorization"));
    return { principal, denial, recheck, correlationId: c.var.correlationId, logger: c.var.logger, observeCall };
  };
};

type Identified = Pick<CallContext, "principal" | "denial">;

const ANONYMOUS: Identified = { principal: undefined };
const denied = (denial: TRPCError): Identified => ({ principal: undefined, denial });

const identify = async (verifier: TokenVerifier, authorization: string | undefined): Promise<Identified> => {
  if (authorization === undefined) return ANONYMOUS;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return denied(requestRefused({ code: "Unauthenticated", reason: "invalid" }));
  try {
    const verified = await verifier.verify(token);
    return verified.ok ? verified : denied(requestRefused({ code: "Unauthenticated", reason: verified.reason }));
  } catch (cause) {
    // The issuer's keys are away: nobody can say yet whether the token is good.
    return denied(new TRPCError({ code: "SERVICE_UNAVAILABLE", cause }));
  }
};
