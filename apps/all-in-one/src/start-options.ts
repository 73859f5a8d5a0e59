export type StartOptions = {
  /** Begin with an empty database. */
  readonly reset: boolean;
  /** Say what there is, and start nothing. */
  readonly help: boolean;
};

export const startUsage = `Usage: bun start [--reset]
  --reset  begins with an empty database; not with one that POSTGRES_CONNECTION_STRING names
What else can be set is in the environment: see Configuration in README.md.`;

/** @throws {UnknownOption} rather than start without what was asked for. */
export const startOptions = (given: readonly string[]): StartOptions => {
  if (given.includes("--help") || given.includes("-h")) return { reset: false, help: true };
  const unknown = given.find((option) => option !== "--reset");
  if (unknown !== undefined) throw new UnknownOption(`${unknown} is no option of start; --reset is one, and begins with an empty database`);
  return { reset: given.includes("--reset"), help: false };
};

export class UnknownOption extends Error {
  override readonly name = "UnknownOption";
  readonly retryable = false;
}
