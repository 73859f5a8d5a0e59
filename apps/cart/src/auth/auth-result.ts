import type { RefusalOf } from "@cartwright/contracts/refusals";

export type AuthRefusal = RefusalOf<"InvalidCredentials" | "TooManyAttempts" | "TokenInvalid">;

export type AuthResult<Value, Code extends AuthRefusal["code"]> = { ok: true; value: Value } | { ok: false; refusal: RefusalOf<Code> };

export const granted = <Value>(value: Value) => ({ ok: true as const, value });
export const refused = <const Refusal extends AuthRefusal>(refusal: Refusal) => ({ ok: false as const, refusal });
