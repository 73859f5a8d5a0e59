import { TraceParent } from "@cartwright/contracts/event-metadata";
import { SubjectId } from "@cartwright/contracts/ids";
import { type CallContextOptions, type CallSource, callContexts } from "@cartwright/service-kit/call-context";
import { clientAddressOf } from "@cartwright/service-kit/client-address";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type { Context, Services } from "./context.ts";

export type CallContextsDeps = CallContextOptions & {
  readonly services: Services;
  /** Proxies before the service that say truly where a request came from. */
  readonly trustedProxies?: number | undefined;
};

/** A function that makes what a procedure or a route is given of where the call came from. It never throws. */
export const callContextsOf = ({ services, trustedProxies = 0, ...deps }: CallContextsDeps) => {
  const callContext = callContexts(deps);
  return async (source: CallSource): Promise<Context> => {
    const call = await callContext(source);
    const traceparent = traceparentOf(source.req.header("traceparent"));
    // A subject that no event could hold, such as one of an outside issuer with a space in it, owns nothing here.
    if (call.principal && !SubjectId.safeParse(call.principal.subject).success) {
      const denial = requestRefused({ code: "Unauthenticated", reason: "invalid" });
      return { ...call, principal: undefined, denial, traceparent, services };
    }
    return { ...call, traceparent, services, clientAddress: clientAddressOf(source.var, trustedProxies) };
  };
};

/** Of our own span, or of the caller's where nothing is traced here. */
const traceparentOf = (header: string | undefined): TraceParent | undefined => {
  const present = currentTraceparent() ?? header;
  return present === undefined ? undefined : TraceParent.safeParse(present).data;
};
