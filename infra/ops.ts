/** `bun run ops COMMAND …`: what an operator does with a running system. `bun run ops --help` says what there is. */
import { type OpsCommand, opsCommands } from "./ops/commands.ts";
import { OpsError } from "./ops/ops-error.ts";
import { asksForHelp, runScript } from "./ops/run-script.ts";

const usageOf = ([name, { takes, does }]: readonly [string, OpsCommand]): string => `  bun run ops ${name} ${takes}\n      ${does}`;
const usages = (named: readonly (readonly [string, OpsCommand])[]) => ["Usage:", ...named.map(usageOf)].join("\n");

/** Its name has one word or two. */
const commandOf = ([area = "", action = ""]: readonly string[]): readonly [string, OpsCommand] | undefined =>
  Object.entries(opsCommands).find(([name]) => name === area || name === `${area} ${action}`);

await runScript(async () => {
  const words = process.argv.slice(2);
  const command = commandOf(words);
  const usage = usages(command ? [command] : Object.entries(opsCommands));
  if (asksForHelp(words)) return void process.stdout.write(`${usage}\n`);
  if (!command) throw new OpsError(`${words.length === 0 ? "say what is to be done" : "there is no such command"}\n${usage}`);
  const [name, { run }] = command;
  await run(words.slice(name.split(" ").length));
});
