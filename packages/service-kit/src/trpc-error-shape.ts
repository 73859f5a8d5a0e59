import type { TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODE_NUMBER, TRPCErrorFormatter } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { CallContext } from "./call-context.ts";
import { edgeError } from "./edge-error.ts";
import type { InputIssue } from "./problem.ts";
import type { Refusal } from "./refusal.ts";
import type { RequestRefusal } from "./request-refusal.ts";

/** An error as a client of tRPC sees it. No stack, and of a bug nothing but the correlation id to ask about it with. */
export type TrpcErrorShape<ServiceRefusal extends Refusal> = {
  readonly message: string;
  readonly code: TRPC_ERROR_CODE_NUMBER;
  readonly data: {
    readonly code: TRPC_ERROR_CODE_KEY;
    readonly httpStatus: number;
    readonly path?: string;
    readonly correlationId?: string;
    readonly refusal?: ServiceRefusal | RequestRefusal;
    /** Where the input is not valid. */
    readonly issues?: readonly InputIssue[];
    readonly retryAfterSeconds?: number;
  };
};

export const trpcErrorShape =
  <ServiceRefusal extends Refusal>(): TRPCErrorFormatter<CallContext, TrpcErrorShape<ServiceRefusal>> =>
  ({ error, ctx, path }) => {
    const { code, status, title, refusal, issues, retryAfterSeconds } = edgeError(error);
    const data = {
      code,
      httpStatus: status,
      ...(path !== undefined && { path }),
      ...(ctx !== undefined && { correlationId: ctx.correlationId }),
      // A service throws the refusals of its own union and those of the kit.
      ...(refusal !== undefined && { refusal: refusal as ServiceRefusal | RequestRefusal }),
      ...(issues !== undefined && { issues }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    };
    return { message: title, code: TRPC_ERROR_CODES_BY_KEY[code], data };
  };
