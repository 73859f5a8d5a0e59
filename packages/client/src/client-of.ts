import type { AnyProcedure, AnyRouter, inferProcedureInput, inferProcedureOutput, TrackedEnvelope } from "@trpc/server";
import type { CallOptions, SubscriptionObserver } from "./call-options.ts";

/** How the procedures of a router are called: `query`, `mutate` or `subscribe`, by their paths. */
export type ClientOf<Router extends AnyRouter> = CallsOf<Router["_def"]["record"]>;

type CallsOf<Procedures> = {
  readonly [Name in keyof Procedures]: Procedures[Name] extends AnyProcedure ? CallOf<Procedures[Name]> : CallsOf<Procedures[Name]>;
};

type CallOf<Procedure extends AnyProcedure> = Procedure["_def"]["type"] extends "query"
  ? { readonly query: Call<inferProcedureInput<Procedure>, inferProcedureOutput<Procedure>> }
  : Procedure["_def"]["type"] extends "mutation"
    ? { readonly mutate: Call<inferProcedureInput<Procedure>, inferProcedureOutput<Procedure>> }
    : { readonly subscribe: Subscribe<inferProcedureInput<Procedure>, MessageOf<inferProcedureOutput<Procedure>>> };

/** Rejects with what `isRefusal` tells apart. */
type Call<Input, Output> = (input: Input, options?: CallOptions) => Promise<Output>;

/** @returns what ends it. */
type Subscribe<Input, Message> = (input: Input, observer: SubscriptionObserver<Message>) => () => void;

/** Tracked messages come with their ids. */
type MessageOf<Output> =
  Output extends AsyncIterable<infer Yielded>
    ? Yielded extends TrackedEnvelope<infer Data>
      ? { readonly id: string; readonly data: Data }
      : Yielded
    : never;
