import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { startStorefront } from "./compose.ts";
import { storefrontProcessConfig } from "./config.ts";

await runProcess({
  report: (line, bug) => console.error(`storefront: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(storefrontProcessConfig, process.env);
    const logger = jsonLogger({ service: "storefront", level: config.LOG_LEVEL });
    const health = processHealth();
    const storefront = scope.use(await startStorefront({ config, cartUrl: config.CART_URL, logger, health }));
    scope.signal.addEventListener("abort", () => health.drain());
    logger.info({ url: storefront.url }, "the storefront listens");
  },
});
