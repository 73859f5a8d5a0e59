import { logFeed } from "@cartwright/messaging/log-feed";
import { adminApp } from "@cartwright/service-kit/admin-app";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { awaitRemoteLog } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createRemoteJWKSet } from "jose";
import { startFraud } from "./compose.ts";
import { fraudProcessConfig } from "./config.ts";

await runProcess({
  report: (line, bug) => console.error(`fraud: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(fraudProcessConfig, process.env);
    const logger = jsonLogger({ service: "fraud", level: config.LOG_LEVEL });
    scope.use(startTelemetry({ serviceName: "fraud", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const metrics = processMetrics();
    const health = processHealth();
    const admin = adminApp({ health, exposeMetrics: metrics.expose });
    scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: config.ADMIN_HOST, variable: "ADMIN_PORT" }));

    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.CART_URL));
    const token = serviceToken({ url: config.CART_URL, service: "fraud", secret: config.FRAUD_SECRET });
    const onAway = (err: unknown) => logger.warn({ err }, "the log of billing is waited for");
    const billing = awaitRemoteLog({ url: config.BILLING_URL, token, signal: scope.signal, onAway }).then((log) =>
      logFeed({ log, shared: true }),
    );
    const fraud = scope.use(
      await startFraud({
        config,
        postgres: config.POSTGRES_CONNECTION_STRING,
        feeds: { billing },
        shared: true,
        verifier: tokenVerifier({ keys, issuer: "cartwright", audience: "cartwright" }),
        logger,
        metrics,
        health,
      }),
    );
    scope.signal.addEventListener("abort", () => health.drain());
    logger.info({ url: fraud.url }, "fraud listens");
  },
});
