import type { Refusal, RefusalCode } from "@cartwright/contracts/refusals";
import { RefusalError } from "@cartwright/service-kit/refusal";
import type { Answer } from "../carts/answer.ts";
import { refusalError, statusOf } from "../refusals.ts";

/** The error to throw of a refusal. As HTTP has it, an expected version, which comes in a header, is a precondition. */
export const restError = (refusal: Refusal): RefusalError => {
  const error = refusalError(refusal);
  return refusal.code === "VersionMismatch" ? new RefusalError(refusal, { trpc: "PRECONDITION_FAILED", title: error.message }) : error;
};

export const restStatusOf = (code: RefusalCode): number => (code === "VersionMismatch" ? 412 : statusOf(code));

/** What an answer holds; its refusal is thrown. */
export const restUnwrap = <Value>(answer: Answer<Value>): Value => {
  if (!answer.ok) throw restError(answer.refusal);
  return answer.value;
};
