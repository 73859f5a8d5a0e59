import { TRPCError } from "@trpc/server";

/** A "no" that a client can act on: a code from a closed union, and the facts that forbid. */
export type Refusal = { readonly code: string };

/** What each refusal of a union is over tRPC and HTTP; the HTTP status follows from the tRPC code. */
export type RefusalRules<Union extends Refusal> = Readonly<Record<Union["code"], RefusalRule>>;

export type RefusalRule = {
  readonly trpc: TRPCError["code"];
  /** Short, for people, and the same for every refusal of this code. */
  readonly title: string;
};

/** Carries a refusal through tRPC and Hono to the edge, where it becomes `error.data.refusal` or a problem's `refusal`. */
export class RefusalError extends TRPCError {
  override readonly name = "RefusalError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal, rule: RefusalRule) {
    super({ code: rule.trpc, message: rule.title });
    this.refusal = refusal;
  }
}

/** A function that makes the error to throw of a refusal: `refusalErrors<CartRefusal>(rules)`. */
export const refusalErrors =
  <Union extends Refusal>(rules: RefusalRules<Union>) =>
  (refusal: Union): RefusalError =>
    new RefusalError(refusal, rules[refusal.code as Union["code"]]);
