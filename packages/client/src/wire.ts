import type { TRPCCombinedDataTransformer } from "@trpc/server";
import superjson from "superjson";

/**
 * What calls and answers look like on the wire: superjson, in which dates, bigints and undefined arrive as such. It would also say
 * which parts of an input are one and the same object; the services take no notice of that and refuse it.
 */
export const wire: TRPCCombinedDataTransformer = {
  input: {
    serialize: (input) => {
      const { json, meta } = superjson.serialize(input);
      return meta?.values === undefined ? { json } : { json, meta: { values: meta.values, v: meta.v } };
    },
    deserialize: superjson.deserialize,
  },
  output: { serialize: superjson.serialize, deserialize: superjson.deserialize },
};
