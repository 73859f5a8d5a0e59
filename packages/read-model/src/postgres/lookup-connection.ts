import type postgres from "postgres";

/** For pools that look rows up: they are looked up by an index, however empty the table was when the statement was planned. */
export const lookupConnection = (connection: postgres.Options<Record<string, never>>): postgres.Options<Record<string, never>> => ({
  ...connection,
  connection: { ...connection.connection, enable_seqscan: "off", jit: "off" },
});
