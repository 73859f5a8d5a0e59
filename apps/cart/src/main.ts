import type { LogFeed } from "@cartwright/messaging/log-feed";
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
import { startCart } from "./compose.ts";
import { cartProcessConfig, peerUrlsOf } from "./config.ts";

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

    const { feed, publish } = transport({ ...kafkaSettings(config), service: "cart", logger, metrics });
    const [billing, fraud] = [Promise.withResolvers<LogFeed>(), Promise.withResolvers<LogFeed>()];
    const feeds = { billing: billing.promise, fraud: fraud.promise };
    const postgres = config.POSTGRES_CONNECTION_STRING;
    const cart = scope.use(await startCart({ config, postgres, feeds, publish, peerUrls: peerUrlsOf(config), logger, metrics, health }));
    // The token is this service's own, so that the others can only be asked once it stands.
    const follow = (name: string, url: string) => {
      const onAway = (err: unknown) => logger.warn({ err }, `the log of ${name} is waited for`);
      return awaitRemoteLog({ url, token: cart.ownToken, signal: scope.signal, onAway }).then(feed);
    };
    billing.resolve(follow("billing", config.BILLING_URL));
    fraud.resolve(follow("fraud", config.FRAUD_URL));
    scope.signal.addEventListener("abort", () => health.drain());
    logger.info({ url: cart.url }, "the cart service listens");
  },
});
