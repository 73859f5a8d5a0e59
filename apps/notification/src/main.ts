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
import { awaitRemoteLog } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createRemoteJWKSet } from "jose";
import { startNotification } from "./compose.ts";
import { notificationProcessConfig } from "./config.ts";

await runProcess({
  report: (line, bug) => console.error(`notification: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(notificationProcessConfig, process.env);
    const logger = jsonLogger({ service: "notification", level: config.LOG_LEVEL });
    scope.use(startTelemetry({ serviceName: "notification", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const metrics = processMetrics();
    const health = processHealth();
    const admin = adminApp({ health, exposeMetrics: metrics.expose });
    scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: config.ADMIN_HOST, variable: "ADMIN_PORT" }));

    const { feed, publish } = transport({ ...kafkaSettings(config), service: "notification", logger, metrics });
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.CART_URL));
    const token = serviceToken({ url: config.CART_URL, service: "notification", secret: config.NOTIFICATION_SECRET });
    const onAway = (err: unknown) => logger.warn({ err }, "the log of billing is waited for");
    const billing = awaitRemoteLog({ url: config.BILLING_URL, token, signal: scope.signal, onAway }).then(feed);
    const notification = scope.use(
      await startNotification({
        config,
        postgres: config.POSTGRES_CONNECTION_STRING,
        feeds: { billing },
        publish,
        shared: true,
        verifier: tokenVerifier({ keys, issuer: "cartwright", audience: "cartwright" }),
        logger,
        metrics,
        health,
      }),
    );
    scope.signal.addEventListener("abort", () => health.drain());
    logger.info({ url: notification.url }, "notification listens");
  },
});
