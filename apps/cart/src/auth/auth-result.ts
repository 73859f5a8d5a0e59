export type AuthRefusal =
  | { code: "InvalidCredentials" }
  | { code: "TooManyAttempts"; retryAfterSeconds: number }
  /** The refresh token is unknown, has expired, or its session has ended: sign in again. */
  | { code: "SessionEnded" };

export type AuthResult<Value, Code extends AuthRefusal["code"]> =
  | { ok: true; value: Value }
  | { ok: false; refusal: Extract<AuthRefusal, { code: Code }> };

export const granted = <Value>(value: Value) => ({ ok: true as const, value });
export const refused = <Refusal extends AuthRefusal>(refusal: Refusal) => ({ ok: false as const, refusal });
