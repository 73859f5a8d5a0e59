/**
 * `bun run token --scope SCOPE … [--subject SUBJECT]`
 *
 * Prints an access token and nothing else, good for ten minutes; `--help` lists the scopes.
 */
import { parseArgs } from "node:util";
import { mintToken } from "@cartwright/cart/ops/mint-token";
import { SubjectId } from "@cartwright/contracts/ids";
import { opsConfig } from "./ops/config.ts";
import { OpsError } from "./ops/ops-error.ts";
import { asksForHelp, runScript } from "./ops/run-script.ts";
import { isScope, scopes as knownScopes } from "./ops/scopes.ts";
import { signingKey } from "./ops/signing-key.ts";

const usage = "bun run token --scope cart:price [--scope …] [--subject user-123]";
const help = [
  `Usage: ${usage}`,
  "Prints an access token that is good for ten minutes, of the subject, or of a program where none is named. The scopes:",
  ...Object.entries(knownScopes).map(([scope, may]) => `  ${scope.padEnd(18)} ${may}`),
].join("\n");

const requested = (args: readonly string[]) => {
  const options = { scope: { type: "string", multiple: true }, subject: { type: "string" } } as const;
  try {
    const { scope = [], subject } = parseArgs({ args: [...args], options }).values;
    const scopes = scope.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== "");
    const wrong = scopes.find((one) => !isScope(one));
    if (wrong !== undefined) throw new OpsError(`${wrong} is no scope; there are ${Object.keys(knownScopes).join(", ")}`);
    if (subject !== undefined && !SubjectId.safeParse(subject).success) throw new OpsError(`${subject} is no subject`);
    if (scopes.length === 0 && subject === undefined) throw new OpsError("a token needs a scope or a subject");
    return { scopes, subject };
  } catch (cause) {
    throw new OpsError(`${cause instanceof Error ? cause.message : cause}. Usage: ${usage}`, { cause });
  }
};

await runScript(async () => {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) return void process.stdout.write(`${help}\n`);
  const { scopes, subject } = requested(args);
  const { token } = await mintToken({ key: await signingKey(opsConfig()), scopes, subject });
  process.stdout.write(`${token}\n`);
});
