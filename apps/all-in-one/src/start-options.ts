export type StartOptions = {
  /** Begin with an empty database. */
  readonly reset: boolean;
};

/** @throws {UnknownOption} rather than start without what was asked for. */
export const startOptions = (given: readonly string[]): StartOptions => {
  const unknown = given.find((option) => option !== "--reset");
  if (unknown !== undefined) throw new UnknownOption(`${unknown} is no option of start; --reset is one, and begins with an empty database`);
  return { reset: given.includes("--reset") };
};

export class UnknownOption extends Error {
  override readonly name = "UnknownOption";
  readonly retryable = false;
}
