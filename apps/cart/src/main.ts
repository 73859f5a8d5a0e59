import { adminApp } from "@cartwright/service-kit/admin-app";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { startCart } from "./compose.ts";
import { cartProcessConfig } from "./config.ts";

await runProcess({
  report: (line, bug) => console.error(`cart: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(cartProcessConfig, process.env);
    const logger = jsonLogger({ service: "cart", level: config.LOG_LEVEL });
    scope.use(startTelemetry({ serviceName: "cart", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const metrics = processMetrics();
    const health = processHealth();
    const admin = adminApp({ health, exposeMetrics: metrics.expose });
    scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: config.ADMIN_HOST, variable: "ADMIN_PORT" }));
    const cart = scope.use(await startCart({ config, postgres: config.POSTGRES_CONNECTION_STRING, logger, metrics, health }));
    scope.signal.addEventListener("abort", () => health.drain());
    logger.info({ url: cart.url }, "the cart service listens");
  },
});
