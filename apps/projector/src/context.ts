import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { Figures } from "./figures/start-figures.ts";
import type { Projection } from "./projection.ts";

export type Context = CallContext & {
  /** Those of today: some begin when the log that they show has been found. */
  readonly projections: () => readonly Projection[];
  readonly services: { readonly parking: ParkedStreams; readonly figures: Figures };
  readonly now: () => Date;
};

export const { router, withScope, createCallerFactory } = trpcFor<Context>();
