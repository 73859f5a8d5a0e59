/**
 * `bun run start:distributed`
 *
 * The five services and the storefront's server as processes of their own, which meet on Kafka, PostgreSQL and Redis. A
 * server that the environment doesn't name is started as `bun run services:up` does, and stays when this ends.
 */
import { join, resolve } from "node:path";
import { banner } from "@cartwright/all-in-one/banner";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { until } from "@cartwright/testkit/until";
import { importCatalogueFile } from "./ops/catalog-import.ts";
import { opsConfig } from "./ops/config.ts";
import { importShopFile } from "./ops/shop-import.ts";
import { ServiceError } from "./services/service-error.ts";
import { serviceProcesses, startProcesses } from "./services/service-processes.ts";
import { startServices } from "./services/start-services.ts";

const root = resolve(import.meta.dirname, "..");

/** The addresses of servers that are not named yet. */
const serverAddresses = async (): Promise<Record<string, string>> => {
  const wanted = ["KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_CONNECTION_STRING", "REDIS_CONNECTION_STRING"];
  if (wanted.every((variable) => process.env[variable])) return {};
  console.info("Starting Kafka, PostgreSQL and Redis (bun run services:down ends them) ...");
  const started = await startServices(join(root, ".data/services"));
  return Object.fromEntries(
    started
      .filter(({ variable }) => !process.env[variable])
      .map(({ name, variable, outcome }) => {
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
    const services = serviceProcesses(environment);
    scope.use(
      startProcesses(services, {
        root,
        environment,
        onExit(name, code) {
          if (!scope.signal.aborted) scope.fail(new ServiceError(`${name} has ended with ${code}`));
        },
      }),
    );
    for (const { name, url } of services)
      await until(() => isReady(url, scope.signal), { timeoutMs: 120_000, what: `${name} at ${url} to be ready` });
    scope.signal.throwIfAborted();
    const [cart, shop] = [services[0].url, services[1].url];
    const { items } = await (await fetch(`${cart}/api/catalog?limit=1`)).json();
    if (items.length === 0) {
      await importCatalogueFile(opsConfig(environment), join(root, "infra/catalogue/demonstration.json"));
      await importShopFile(opsConfig(environment), join(root, "infra/catalogue/demonstration-shop.json"));
    }
    console.info(banner({ cartUrl: cart, shopUrl: shop, dataIn: "the servers", seconds: process.uptime() }));
  },
});
