import type { TRPCError } from "@trpc/server";
import type { CallContext } from "./call-context.ts";
import type { Principal } from "./principal.ts";
import { requestRefused } from "./request-refusal.ts";

/** Who may call: anyone, whoever has identified themselves, or the bearer of a token of a scope. */
export type Access = "public" | "subject" | { readonly scope: string };

/** Why a call is not admitted, as the error to throw; absent: it is. A bad token is refused also where none is needed. */
export const denialOf = (call: CallContext, access: Access): TRPCError | undefined => {
  const { principal } = call;
  const denial = call.denial ?? (principal && call.recheck?.(principal));
  if (denial !== undefined || access === "public") return denial;
  if (principal === undefined) return requestRefused({ code: "Unauthenticated", reason: "missing" });
  if (access === "subject" || principal.scopes.has(access.scope)) return undefined;
  return requestRefused({ code: "Forbidden", scope: access.scope });
};

/**
 * The principal of a call to a route that needs one.
 *
 * @throws {TRPCError} when the call is not admitted.
 */
export const admitted = (call: CallContext, access: Exclude<Access, "public">): Principal => {
  const denial = denialOf(call, access);
  if (denial !== undefined || call.principal === undefined) throw denial ?? requestRefused({ code: "Unauthenticated", reason: "missing" });
  return call.principal;
};
