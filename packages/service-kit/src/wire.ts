import type { TRPCCombinedDataTransformer } from "@trpc/server";
import superjson from "superjson";
import { decodeInput } from "./wire-input.ts";
import { encodeOutput } from "./wire-output.ts";

/**
 * The transformer of every router: superjson on the wire, `{ json, meta? }`, so that any client with stock superjson is
 * served. What leaves is encoded by a faster equal; what arrives is decoded within bounds.
 */
export const wire: TRPCCombinedDataTransformer = {
  input: { serialize: superjson.serialize, deserialize: decodeInput },
  output: { serialize: encodeOutput, deserialize: superjson.deserialize },
};
