import type * as z from "zod";
import { developmentValueOf } from "./config-fields.ts";

/** What a process was started with, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration. A variable that is set to nothing counts as absent. `APP_ENV` is `development` unless it says
 * `production`, where a secret has no default and may not be the one that stands in the source. Where it is absent,
 * `ASPNETCORE_ENVIRONMENT` says it, in whatever case.
 *
 * @throws {InvalidConfiguration} which lists every bad variable and why, and no value of a secret.
 */
export const parseConfig = <Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.infer<Schema> => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""));
  const { environment: given, faults: contradictions } = publishedEnvironment(set);
  const filled = given.APP_ENV === "production" ? given : { ...developmentValues(schema), ...given };
  const parsed = schema.safeParse(filled, { error: (issue) => (issue.input === undefined ? "is required" : undefined) });
  const faults = [
    ...contradictions,
    ...environmentFaults(schema, given),
    ...(parsed.error?.issues ?? []).map((issue) => faultOf(schema, issue, filled)),
  ];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new InvalidConfiguration(faults);
};

/**
 * The same of several that one process reads, by their names.
 *
 * @throws {InvalidConfiguration} which lists the faults of all of them, each once.
 */
export const parseConfigs = <Schemas extends Readonly<Record<string, z.ZodObject>>>(
  schemas: Schemas,
  environment: Environment,
): ParsedConfigs<Schemas> => {
  const faults = new Map<string, ConfigFault>();
  const parsed = Object.entries(schemas).map(([name, schema]) => {
    try {
      return [name, parseConfig(schema, environment)] as const;
    } catch (error) {
      if (!(error instanceof InvalidConfiguration)) throw error;
      for (const fault of error.faults) faults.set(`${fault.variable}: ${fault.reason}`, fault);
      return [name, undefined] as const;
    }
  });
  if (faults.size > 0) throw new InvalidConfiguration([...faults.values()]);
  // Without a fault each has been parsed, by the schema of its name.
  return Object.fromEntries(parsed) as ParsedConfigs<Schemas>;
};

export type ParsedConfigs<Schemas extends Readonly<Record<string, z.ZodObject>>> = {
  readonly [Name in keyof Schemas]: z.output<Schemas[Name]>;
};

/** What a configuration is refused for, whole: a process starts with all of it right or not at all. */
export class InvalidConfiguration extends Error {
  override readonly name = "InvalidConfiguration";
  readonly retryable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(["the configuration is not valid", ...faults.map(({ variable, reason }) => `  ${variable}: ${reason}`)].join("\n"));
    this.faults = faults;
  }
}

export type ConfigFault = { readonly variable: string; readonly reason: string };

const developmentValues = (schema: z.ZodObject): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [variable, field] of Object.entries(schema.shape)) {
    const value = developmentValueOf(field);
    if (value !== undefined) values[variable] = value;
  }
  return values;
};

/** By its published name, for whose values `APP_ENV` stands. A fault of it, where it is asked, says so under that name. */
const publishedEnvironment = (given: Environment): { readonly environment: Environment; readonly faults: readonly ConfigFault[] } => {
  const variable = "ASPNETCORE_ENVIRONMENT";
  const published = given[variable]?.toLowerCase();
  const isKnown = published === "development" || published === "production";
  const own = given.APP_ENV;
  if (published === undefined || published === own) return { environment: given, faults: [] };
  if (own === undefined && isKnown) return { environment: { ...given, APP_ENV: published }, faults: [] };
  if (own === undefined) return { environment: given, faults: [{ variable, reason: "is neither Development nor Production" }] };
  // A third one, such as Staging, is for other programs.
  return { environment: given, faults: isKnown ? [{ variable, reason: `says ${published}, and APP_ENV ${own}` }] : [] };
};

/** What depends on where we run: a misspelt `production` must not pass for development. */
const environmentFaults = (schema: z.ZodObject, given: Environment): ConfigFault[] => {
  switch (given.APP_ENV) {
    case undefined:
    case "development":
      return [];
    case "production":
      return Object.entries(developmentValues(schema))
        .filter(([variable, value]) => given[variable] === value)
        .map(([variable]) => ({ variable, reason: "is the value for development, which everybody knows" }));
    default:
      return "APP_ENV" in schema.shape ? [] : [{ variable: "APP_ENV", reason: "is neither development nor production" }];
  }
};

const faultOf = (schema: z.ZodObject, issue: z.core.$ZodIssue, given: Environment): ConfigFault => {
  const variable = String(issue.path[0] ?? "all together");
  const value = given[variable];
  const field = schema.shape[variable];
  const secret = value !== undefined && field !== undefined && developmentValueOf(field) !== undefined;
  return { variable, reason: secret ? issue.message.replaceAll(value, "[redacted]") : issue.message };
};
