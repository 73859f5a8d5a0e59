import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { Projection } from "./projection.ts";

export type Context = CallContext & {
  readonly projections: readonly Projection[];
  readonly services: { readonly parking: ParkedStreams };
  readonly now: () => Date;
};

export const { router, withScope, createCallerFactory } = trpcFor<Context>();
