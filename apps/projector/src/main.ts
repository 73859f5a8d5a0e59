import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { transport } from "@cartwright/messaging/transport";
import { adminApp } from "@cartwright/service-kit/admin-app";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createRemoteJWKSet } from "jose";
import { startProjector } from "./compose.ts";
import { projectorProcessConfig } from "./config.ts";

await runProcess({
  report: (line, bug) => console.error(`projector: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(projectorProcessConfig, process.env);
    const connection = config.POSTGRES_CONNECTION_STRING;
    const logger = jsonLogger({ service: "projector", level: config.LOG_LEVEL });
    const metrics = processMetrics();
    const health = processHealth();
    scope.use(startTelemetry({ serviceName: "projector", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const onError = (err: unknown) => logger.warn({ err }, "the cart's log can't be listened to");
    const cartLog = scope.use(await openPostgresEventLog({ connection, schema: "cart", onError }));
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.CART_URL));
    const verifier = tokenVerifier({ keys, issuer: "cartwright", audience: "cartwright" });
    const { feed } = transport({ ...kafkaSettings(config), service: "projector", logger, metrics });
    const projector = scope.use(
      await startProjector({
        ...{ config, postgres: connection, cartLog, feed: feed(cartLog), shared: true },
        ...{ verifier, health, logger, metrics },
      }),
    );
    const admin = adminApp({ health, exposeMetrics: metrics.expose });
    scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: "127.0.0.1", variable: "ADMIN_PORT" }));
    logger.info({ url: projector.url }, "projecting");
  },
});
