import * as z from "zod";

/** Where the process runs: in production, what is convenient for development is refused. */
export const appEnv = () =>
  z
    .enum(["development", "production"])
    .prefault("development")
    .describe("Where this runs. In production no secret has a default. Absent: `ASPNETCORE_ENVIRONMENT` says it, if that is set.");

/** A port to listen on; 0 is any free one. */
export const port = (standard: number) => integer({ standard, min: 0, max: 65_535 });

export const integer = ({ standard, min, max }: { standard: number; min: number; max: number }) => {
  const wrong = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, wrong)
    .transform(Number)
    .refine((number) => number >= min && number <= max, wrong)
    .prefault(String(standard));
};

/** A time such as `250ms`, `10s`, `5m`, `2h` or `30d`, in milliseconds; none but 0 goes without its unit. `most` is a longest one. */
export const durationMs = (standard: string, { most }: { most?: string } = {}) =>
  z
    .string()
    .regex(DURATION, "must be a time with its unit, such as 250ms, 10s, 5m, 2h or 30d")
    .transform(millisecondsOf)
    .refine((ms) => most === undefined || ms <= millisecondsOf(most), `must be ${most} at most`)
    .prefault(standard);

const millisecondsOf = (text: string): number => {
  const [, amount = 0, unit = "ms"] = DURATION.exec(text) ?? [];
  return Number(amount) * (MILLISECONDS[unit] ?? 1);
};

/** The same of every worker that does what must be done once. */
export const intentLease = () =>
  durationMs("1m").describe("How long what a worker has begun is its own; if it dies, another asks what became of it after that time.");

const DURATION = /^(?:0|(\d{1,12})(ms|s|m|h|d))$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Yes or no: `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`. */
export const flag = (standard: boolean) => z.stringbool({ error: "must be true or false" }).prefault(String(standard));

/** Values separated by commas. */
export const list = (standard: readonly string[] = []) =>
  z
    .string()
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    )
    .prefault(standard.join(","));

/** A secret. In development it has a value that everybody knows; in production it must be given, and be another. */
export const secret = ({ development }: { development: string }) => {
  const field = z.string().min(1);
  developmentSecrets.add(field, { development });
  return field;
};

/** The value that a secret has in development; of a field that is no secret, none. */
export const developmentValueOf = (field: z.core.$ZodType): string | undefined => developmentSecrets.get(field)?.development;

const developmentSecrets = z.registry<{ readonly development: string }>();

export const logLevel = () =>
  z.enum(["debug", "info", "warn", "error", "silent"]).prefault("info").describe("The least level that is logged.");
