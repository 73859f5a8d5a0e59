import type { Refusal } from "@cartwright/contracts/refusals";

/** What is asked for, or the fact that forbids it. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal };
