import { type RefusalRules, refusalErrors } from "@cartwright/service-kit/refusal";
import type { AuthRefusal } from "./auth/auth-result.ts";

/** Every "no" of this service, beside those of a request that are the same everywhere. */
export type CartServiceRefusal = AuthRefusal;

const rules: RefusalRules<CartServiceRefusal> = {
  InvalidCredentials: { trpc: "UNAUTHORIZED", title: "E-mail or password is wrong" },
  TooManyAttempts: { trpc: "TOO_MANY_REQUESTS", title: "Too many attempts to sign in" },
  SessionEnded: { trpc: "UNAUTHORIZED", title: "The session has ended: sign in again" },
};

/** The error to throw of a refusal. */
export const refusalError = refusalErrors(rules);
