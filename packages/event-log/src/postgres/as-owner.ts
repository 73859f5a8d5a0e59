import postgres from "postgres";

/**
 * Does what only the schema's owner may, on a connection that is there for that alone. Its end is not waited for longer than a
 * goodbye takes: what has been done is done, and a server that does not answer any more must not keep what comes next.
 */
export const asOwner = async <Result>(
  connection: postgres.Options<Record<string, never>>,
  work: (owner: postgres.Sql) => Promise<Result>,
): Promise<Result> => {
  const owner = postgres({ ...connection, max: 1, onnotice: () => {} });
  try {
    return await work(owner);
  } finally {
    await owner.end({ timeout: END_S });
  }
};

const END_S = 5;
