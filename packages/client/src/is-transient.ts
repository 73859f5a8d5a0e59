import { TRPCClientError } from "@trpc/client";
import { ForeignAnswer } from "./foreign-answer.ts";

/** Whether nobody answered, or nobody could: the call may have been done, and may be made again where that is safe. */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof TRPCClientError)) return false;
  const code: unknown = error.data?.code;
  if (typeof code === "string") return passing.has(code);
  if (error.cause instanceof ForeignAnswer) return error.cause.retryable;
  return !(error.cause instanceof Error && error.cause.name === "AbortError");
};

const passing: ReadonlySet<string> = new Set(["SERVICE_UNAVAILABLE", "BAD_GATEWAY", "GATEWAY_TIMEOUT", "TIMEOUT"]);
