/**
 * `bun run services:up`, `bun run services:down`
 *
 * Kafka, PostgreSQL, Redis and a mail server for the five services, in the background: by `infra/docker-compose.yml` where a Docker
 * engine answers, else the very servers that tests start. `--folder=DIR` keeps their data elsewhere than in
 * `.data/services`, `--without-docker` does not ask for an engine.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runScript } from "./ops/run-script.ts";
import { aloneIn, bringUp } from "./services/bring-up.ts";
import { dockerCompose, runDocker } from "./services/docker.ts";
import { ServiceError } from "./services/service-error.ts";
import type { Outcome, StartedService } from "./services/start-services.ts";
import { stopServices } from "./services/stop-services.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Lines that a shell can take: `eval "$(bun run services:up)"`. */
const up = async (folder: string, compose: readonly string[] | undefined): Promise<void> => {
  const started = await bringUp({ folder, compose });
  for (const service of started) tell(service);
  if (started.some(({ outcome }) => outcome.kind === "failed")) process.exitCode = 1;
};

const tell = ({ name, variable, outcome }: StartedService): void => {
  if (outcome.kind === "failed") process.stderr.write(`cartwright: ${name} cannot be started: ${outcome.reason}\n`);
  else say(`export ${variable}='${outcome.value}' # ${[name, outcome.note, whereIs(outcome)].filter(Boolean).join(", ")}`);
};

const whereIs = (outcome: Exclude<Outcome, { kind: "failed" }>): string => {
  switch (outcome.kind) {
    case "inDocker":
      return "in Docker";
    case "running":
      return `ran already, process ${outcome.pid}`;
    case "started":
      return `started, process ${outcome.pid}`;
  }
};

const down = async (folder: string, compose: readonly string[] | undefined): Promise<void> => {
  const stopped = await stopServices(folder);
  say(stopped.length > 0 ? `stopped: ${stopped.join(", ")}` : "no server ran");
  if (compose) runDocker([...compose, "down"]);
};

const actions: Readonly<Record<string, typeof up>> = { up, down };

await runScript(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      folder: { type: "string", default: resolve(import.meta.dirname, "../.data/services") },
      "without-docker": { type: "boolean", default: false },
    },
  });
  const action = actions[positionals[0] ?? ""];
  if (!action || positionals.length !== 1) throw new ServiceError("say up or down");
  const folder = resolve(values.folder);
  using _alone = await aloneIn(folder);
  await action(folder, values["without-docker"] ? undefined : dockerCompose());
});
