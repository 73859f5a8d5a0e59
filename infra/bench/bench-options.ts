import { parseArgs } from "node:util";

export type BenchOptions = { readonly json: boolean; readonly seconds: number; readonly parts: readonly string[]; readonly help: boolean };

export const benchUsage = `Usage: bun run bench [PART …] [--seconds=5] [--json]
  PART       only what has these in its name, such as redis
  --seconds  for how long each is measured, after three seconds of warm-up
  --json     the results as JSON`;

/** What is asked for, or why that cannot be done. */
export const benchOptions = (args: readonly string[]): BenchOptions | { readonly fault: string } => {
  const options = {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "5" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const seconds = Number(values.seconds);
    if (!(seconds > 0 && seconds < 86_400)) return { fault: `${values.seconds} is no number of seconds` };
    return { json: values.json, seconds, parts: positionals, help: values.help };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
};
