import type { Refusal, RefusalCode, RefusalOf } from "@cartwright/contracts/refusals";
import { TRPCClientError } from "@trpc/client";

/** What a call fails with that the service refuses. */
export type RefusedCall<Code extends RefusalCode = RefusalCode> = Error & {
  readonly data: {
    /** tRPC's. */
    readonly code: string;
    readonly httpStatus: number;
    readonly refusal: RefusalOf<Code>;
    /** Where the input is not valid. */
    readonly issues?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
    /** To ask the service's operators with. */
    readonly correlationId?: string;
  };
};

/** Whether a call failed because the service refuses it, for this reason where one is given: `error.data.refusal` has the facts. */
export const isRefusal = <Code extends RefusalCode = RefusalCode>(error: unknown, code?: Code): error is RefusedCall<Code> => {
  const refusal = refusalOf(error);
  return refusal !== null && (code === undefined || refusal.code === code);
};

/** Why the service refuses a call; null where it failed for another reason. */
export const refusalOf = (error: unknown): Refusal | null =>
  error instanceof TRPCClientError ? ((error.data as RefusedCall["data"] | undefined)?.refusal ?? null) : null;
