import { z } from "zod";

const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);

const Environment = z.object({
  /** A PostgreSQL of one's own instead of the embedded one. */
  POSTGRES_CONNECTION_STRING: z.string().min(1).optional(),
  CART_PORT: port(5105),
  PROJECTOR_PORT: port(5204),
  /** Set by `bun run`, not by people: the script that it runs. */
  npm_lifecycle_event: z.string().optional(),
});

export type Config = z.infer<typeof Environment>;

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly retryable = false;
}

/** @throws {ConfigError} that names every fault. */
export const readConfig = (environment: Record<string, string | undefined>): Config => {
  const parsed = Environment.safeParse(environment);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ConfigError(`the configuration is wrong: ${faults.join("; ")}`);
};
