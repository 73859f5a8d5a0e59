import { join } from "node:path";
import { misspeltVariables } from "@cartwright/service-kit/misspelt-variables";
import { watchLaunchers } from "@cartwright/service-kit/node/launcher-watch";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { banner } from "./banner.ts";
import { startServices } from "./compose.ts";
import { allInOneConfigs, parseAllInOne } from "./config.ts";
import { lockCheckout } from "./node/checkout-lock.ts";
import { openDatabase } from "./node/database.ts";
import { startOptions, startUsage } from "./start-options.ts";

const DATA = join(import.meta.dirname, "../../../.data");
const SHOP = join(import.meta.dirname, "../../../infra/catalogue/demonstration-shop.json");
const CATALOGUE = join(import.meta.dirname, "../../../infra/catalogue/demonstration.json");
const environment = process.env;

await runProcess({
  report: (line, bug) => console.error(`cartwright: ${line}`, bug ?? ""),
  async start(scope) {
    const { reset, help } = startOptions(process.argv.slice(2));
    if (help) {
      console.info(startUsage);
      return scope.stop("help was asked for");
    }
    for (const line of misspeltVariables(Object.values(allInOneConfigs), environment)) console.error(`cartwright: ${line}`);
    const configs = parseAllInOne(environment);
    const { process: config } = configs;
    const logger = jsonLogger({ service: "all-in-one", level: config.LOG_LEVEL });
    const onGone = (missed: boolean) => {
      // Whoever ends it later knows why it ends.
      if (missed) console.error("cartwright: what started this has ended already, and so does this");
      scope.stop("what started us has ended");
    };
    scope.use(watchLaunchers({ script: environment.npm_lifecycle_event, onGone }));
    scope.use(lockCheckout(DATA));
    const configured = config.POSTGRES_CONNECTION_STRING;
    const postgres = await openDatabase({ scope, logger, dataDir: join(DATA, "postgres"), reset, configured });
    scope.use(startTelemetry({ serviceName: "cartwright", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const demonstrationCatalogue: unknown = await Bun.file(CATALOGUE).json();
    const demonstrationShop: unknown = await Bun.file(SHOP).json();
    const started = await startServices({ scope, postgres, configs, logger, demonstrationCatalogue, demonstrationShop });
    const { cartUrl, storefrontUrl: shopUrl, services } = started;
    const dataIn = configured ? "your PostgreSQL" : ".data/";
    console.info(banner({ cartUrl, shopUrl, services, dataIn, seconds: process.uptime() }));
  },
});
