import type { Operation } from "@trpc/client";

/** What the links tell each other of a call. */
export type CallContext = {
  /** The token that it was made with. */
  token?: string | null;
  /** It got a new token and nothing has come since. */
  renewed?: boolean;
  /** Travels alone, not in a batch. */
  alone?: boolean;
  /** Whoever makes it will make it again. */
  once?: boolean;
  correlationId?: string;
};

// tRPC's context is an open record; ours are the only links.
export const contextOf = (op: Pick<Operation, "context">): CallContext => op.context;
