import type { Operation, TRPCLink } from "@trpc/client";
import type { AnyRouter } from "@trpc/server";
import { randomUuid } from "./ids.ts";
import { keyedMutations } from "./keyed-mutations.ts";

/** Gives a key to every call that takes one and has none, before anything that makes a call again. */
export const idempotencyLink =
  <Router extends AnyRouter>(newKey: () => string = randomUuid): TRPCLink<Router> =>
  () =>
  ({ op, next }) =>
    next(isKeyed(op) && !hasKey(op) ? { ...op, input: { ...op.input, idempotencyKey: newKey() } } : op);

/** Whether the call comes to the same however often it is made. */
export const isSafe = (op: Operation): boolean => op.type === "query" || (isKeyed(op) && hasKey(op));

const isKeyed = (op: Operation): op is Operation<object | undefined> => op.type === "mutation" && Object.hasOwn(keyedMutations, op.path);

const hasKey = ({ input }: Operation): boolean =>
  typeof input === "object" && input !== null && "idempotencyKey" in input && input.idempotencyKey !== undefined;
