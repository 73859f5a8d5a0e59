import type { TRPCError } from "@trpc/server";
import type { Logger } from "./logger.ts";
import type { Principal } from "./principal.ts";

/** What every procedure and route knows about its call; a service's context adds to it. */
export type CallContext = {
  /** Absent: nobody has identified themselves. */
  readonly principal: Principal | undefined;
  /**
   * Why each call with these credentials is refused, also of public procedures. Kept instead of thrown: an error while
   * the context is made could not be answered to the call that it belongs to.
   */
  readonly denial?: TRPCError | undefined;
  /** Asks again whether a principal is still good, for connections that outlive their token. */
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
  readonly outcome: "OK" | TRPCError["code"];
  readonly seconds: number;
};
