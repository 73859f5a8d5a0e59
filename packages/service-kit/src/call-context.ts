import { TRPCError } from "@trpc/server";
import type { Logger } from "./logger.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import type { Principal } from "./principal.ts";
import { requestRefused } from "./request-refusal.ts";
import type { ServiceEnv } from "./service-env.ts";
import type { CallConnection } from "./subscription.ts";
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
  /** What the call came over, where others share it. */
  readonly connection?: CallConnection | undefined;
};

/** Where a call says who makes it. A request of Hono is one. */
export type CallSource = {
  readonly req: { header(name: string): string | undefined };
  readonly var: ServiceEnv["Variables"];
};

/** What a client says once for all that goes over a connection. */
export type ConnectionParams = Readonly<Record<string, unknown>> | null;

/** The same source, where headers may also have come as connection params: a browser can set none for a WebSocket or for server-sent events. */
export const withConnectionParams = (source: CallSource, params: ConnectionParams): CallSource => {
  if (params === null) return source;
  const given = (name: string) => (Object.hasOwn(params, name) && typeof params[name] === "string" ? params[name] : undefined);
  return { var: source.var, req: { header: (name) => given(name) ?? source.req.header(name) } };
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

/** A function that makes the context of a call from where it came; it never throws. */
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
  return async (c: CallSource): Promise<CallContext> => {
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
