import * as z from "zod";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration. A variable that is set to nothing counts as absent.
 *
 * @throws {InvalidConfiguration} which lists every bad variable and why, never a value.
 */
export const parseConfig = <Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.infer<Schema> => {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InvalidConfiguration(parsed.error.issues.map(({ path, message }) => ({ variable: path.join("."), reason: message })));
};

export type ConfigFault = { readonly variable: string; readonly reason: string };

export class InvalidConfiguration extends Error {
  override readonly name = "InvalidConfiguration";
  readonly retryable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`the configuration is not valid:\n${faults.map(({ variable, reason }) => `  ${variable}: ${reason}`).join("\n")}`);
    this.faults = faults;
  }
}

/** A port to listen on. */
export const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);
