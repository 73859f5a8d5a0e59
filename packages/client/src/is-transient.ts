import { TRPCClientError } from "@trpc/client";

/** Whether nobody answered, or nobody could: the call may have been done, and may be made again where that is safe. */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof TRPCClientError)) return false;
  const code: unknown = error.data?.code;
  if (typeof code === "string") return passing.has(code);
  if (isAbort(error.cause)) return false;
  const status: unknown = (error.meta?.response as { status?: unknown } | undefined)?.status;
  // What is no answer of ours comes from a proxy, or from a network that wants to be signed in to.
  return typeof status !== "number" || status < 400 || status >= 500 || status === 408 || status === 429;
};

const passing: ReadonlySet<string> = new Set(["SERVICE_UNAVAILABLE", "BAD_GATEWAY", "GATEWAY_TIMEOUT", "TIMEOUT"]);

const isAbort = (cause: unknown): boolean => cause instanceof Error && cause.name === "AbortError";
