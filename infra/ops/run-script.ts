import { absenceOf } from "@cartwright/service-kit/node/patient-start";

/** Runs a script to its end. What fails is one line on stderr and exit code 1; a bug keeps its stack. */
export const runScript = async (script: () => Promise<void>): Promise<void> => {
  try {
    await script();
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`cartwright: ${lineOf(error)}\n`);
  }
};

/** Whatever else is asked for is not done then. */
export const asksForHelp = (words: readonly string[]): boolean => words.some((word) => word === "--help" || word === "-h");

const lineOf = (error: unknown): string => {
  if (error instanceof Error && error.name in expectedErrors) return error.message;
  // Of the database, which scripts ask themselves; others that are away say so by an expected error.
  const absence = absenceOf(error);
  return absence === null ? Bun.inspect(error) : `${absence}. Is it up, and is it where POSTGRES_CONNECTION_STRING says?`;
};

/** Those that say in a line what to do. */
const expectedErrors = { OpsError: true, ServiceError: true, InvalidConfiguration: true, InvalidSigningKey: true, RedisUnavailable: true };
