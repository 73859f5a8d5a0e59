/**
 * `bun run token --scope SCOPE … [--subject SUBJECT]`
 *
 * Prints an access token and nothing else, good for ten minutes.
 */
import { parseArgs } from "node:util";
import { mintToken } from "@cartwright/cart/ops/mint-token";
import { SubjectId } from "@cartwright/contracts/ids";
import { opsConfig } from "./ops/config.ts";
import { OpsError } from "./ops/ops-error.ts";
import { runScript } from "./ops/run-script.ts";
import { signingKey } from "./ops/signing-key.ts";

const usage = "bun run token --scope cart:price [--scope …] [--subject user-123]";

const requested = (args: readonly string[]) => {
  const options = { scope: { type: "string", multiple: true }, subject: { type: "string" } } as const;
  try {
    const { scope = [], subject } = parseArgs({ args: [...args], options }).values;
    const scopes = scope.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== "");
    const wrong = scopes.find((one) => !/^[a-z]+:[a-z][a-z0-9-]*$/.test(one));
    if (wrong !== undefined) throw new OpsError(`${wrong} is no scope: one looks like cart:price or service:billing`);
    if (subject !== undefined && !SubjectId.safeParse(subject).success) throw new OpsError(`${subject} is no subject`);
    if (scopes.length === 0 && subject === undefined) throw new OpsError("a token needs a scope or a subject");
    return { scopes, subject };
  } catch (cause) {
    throw new OpsError(`${cause instanceof Error ? cause.message : cause}. Usage: ${usage}`, { cause });
  }
};

await runScript(async () => {
  const { scopes, subject } = requested(process.argv.slice(2));
  const { token } = await mintToken({ key: await signingKey(opsConfig()), scopes, subject });
  process.stdout.write(`${token}\n`);
});
