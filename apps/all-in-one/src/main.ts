import { join } from "node:path";
import { watchLaunchers } from "@cartwright/service-kit/node/launcher-watch";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { banner } from "./banner.ts";
import { readConfig } from "./config.ts";
import { lockCheckout } from "./node/checkout-lock.ts";
import { openDatabase } from "./node/database.ts";
import { healthListener } from "./node/health-listener.ts";
import { services } from "./services.ts";

const DATA = join(import.meta.dirname, "../../../.data");

const quiet = () => {};
const write = (level: string) => (fields: object, message: string) => console.error(JSON.stringify({ level, ...fields, msg: message }));
const logger = { debug: quiet, info: quiet, warn: write("warn"), error: write("error") };

await runProcess({
  logger,
  report: (line, bug) => console.error(`cartwright: ${line}`, bug ?? ""),
  async start(scope) {
    const config = readConfig(process.env);
    scope.use(watchLaunchers({ script: config.npm_lifecycle_event, onGone: () => scope.stop("what started us has ended") }));
    scope.use(lockCheckout(DATA));
    const postgres = await openDatabase({
      scope,
      logger,
      dataDir: join(DATA, "postgres"),
      reset: process.argv.includes("--reset"),
      connectionString: config.POSTGRES_CONNECTION_STRING,
    });
    for (const service of services.length > 0 ? services : [healthListener]) {
      scope.use(await service.start({ postgres, config, logger }));
    }
    console.info(banner({ cartUrl: `http://localhost:${config.CART_PORT}`, seconds: process.uptime() }));
  },
});
