/** Runs a script to its end. What fails is one line on stderr and exit code 1; a bug keeps its stack. */
export const runScript = async (script: () => Promise<void>): Promise<void> => {
  try {
    await script();
  } catch (error) {
    process.exitCode = 1;
    const expected = error instanceof Error && error.name in expectedErrors;
    process.stderr.write(`cartwright: ${expected ? error.message : Bun.inspect(error)}\n`);
  }
};

/** Those that say in a line what to do. */
const expectedErrors = { OpsError: true, ServiceError: true, InvalidConfiguration: true, InvalidSigningKey: true, RedisUnavailable: true };
