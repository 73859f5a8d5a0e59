import type postgres from "postgres";

/**
 * For pools that look rows up: they are looked up by an index, however empty the table was when the statement was planned. And a
 * server that is back is found within half a second, not after the driver's twenty.
 */
export const lookupConnection = (connection: postgres.Options<Record<string, never>>): postgres.Options<Record<string, never>> => ({
  ...connection,
  backoff: (attempt: number) => Math.min(0.5, 0.01 * 2 ** attempt),
  connection: { ...connection.connection, enable_seqscan: "off", jit: "off" },
});
