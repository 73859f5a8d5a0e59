/**
 * `bun run start:distributed`
 *
 * The five services and the storefront's server as processes of their own, which meet on Kafka, PostgreSQL and Redis. A
 * server that the environment doesn't name is started as `bun run services:up` does, with its options, and stays when this ends.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { banner } from "@cartwright/all-in-one/banner";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { until } from "@cartwright/testkit/until";
import { importCatalogueFile } from "./ops/catalog-import.ts";
import { opsConfig } from "./ops/config.ts";
import { importShopFile } from "./ops/shop-import.ts";
import { aloneIn, bringUp } from "./services/bring-up.ts";
import { dockerCompose } from "./services/docker.ts";
import { ServiceError } from "./services/service-error.ts";
import { serviceProcesses, startProcesses } from "./services/service-processes.ts";
import { services } from "./services/services.ts";

const root = resolve(import.meta.dirname, "..");

const options = () => {
  const standard = join(root, ".data/services");
  const { values } = parseArgs({ options: { folder: { type: "string", default: standard }, "without-docker": { type: "boolean" } } });
  return { folder: resolve(values.folder), asksDocker: !values["without-docker"] };
};

/** The addresses of servers that the environment does not name. */
const serverAddresses = async (): Promise<Record<string, string>> => {
  const names = (["kafka", "postgres", "redis"] as const).filter((name) => !process.env[services[name].variable]);
  if (names.length === 0) return {};
  const { folder, asksDocker } = options();
  console.info(`Starting ${names.join(", ")} (bun run services:down ends what it has started) ...`);
  using _alone = await aloneIn(folder);
  const started = await bringUp({ folder, names, compose: asksDocker ? dockerCompose() : undefined });
  return Object.fromEntries(
    started.map(({ name, variable, outcome }) => {
      if (outcome.kind === "failed") throw new ServiceError(`${name} cannot be started: ${outcome.reason}`);
      return [variable, outcome.value];
    }),
  );
};

const isReady = async (url: string, signal: AbortSignal): Promise<boolean> => {
  const answer = await fetch(`${url}/health/ready`, { signal }).catch(() => null);
  return answer?.ok || signal.aborted;
};

await runProcess({
  report: (line, bug) => console.error(`cartwright: ${line}`, bug ?? ""),
  async start(scope) {
    const environment: Record<string, string | undefined> = { LOG_LEVEL: "warn", ...process.env, ...(await serverAddresses()) };
    const processes = serviceProcesses(environment);
    scope.use(
      startProcesses(processes, {
        root,
        environment,
        onExit(name, code) {
          if (!scope.signal.aborted) scope.fail(new ServiceError(`${name} has ended with ${code}`));
        },
      }),
    );
    for (const { name, url } of processes)
      await until(() => isReady(url, scope.signal), { timeoutMs: 120_000, what: `${name} at ${url} to be ready` });
    scope.signal.throwIfAborted();
    const [cart, shop] = [processes[0].url, processes[1].url];
    const { items } = await (await fetch(`${cart}/api/catalog?limit=1`)).json();
    if (items.length === 0) {
      await importCatalogueFile(opsConfig(environment), join(root, "infra/catalogue/demonstration.json"));
      await importShopFile(opsConfig(environment), join(root, "infra/catalogue/demonstration-shop.json"));
    }
    console.info(banner({ cartUrl: cart, shopUrl: shop, dataIn: "the servers", seconds: process.uptime() }));
  },
});
