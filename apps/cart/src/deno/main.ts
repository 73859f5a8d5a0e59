import { adminApp } from "@cartwright/service-kit/admin-app";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { runProcess } from "@cartwright/service-kit/node/lifecycle";
import { jsonLogger } from "@cartwright/service-kit/node/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { startTelemetry } from "@cartwright/service-kit/node/telemetry";
import { cartApp } from "../app.ts";
import { cartProcessConfig, peerUrlsOf } from "../config.ts";
import { postgresCart } from "../postgres-cart.ts";
import { serve } from "./serve.ts";

/**
 * The service on Deno and PostgreSQL. It serves no WebSockets, so clients follow carts over server-sent events, and knows no passwords:
 * whoever is no guest brings a token of the issuer that `AUTH_JWKS_URL` names.
 */
await runProcess({
  report: (line, bug) => console.error(`cart: ${line}`, bug ?? ""),
  async start(scope) {
    const config = parseConfig(cartProcessConfig, process.env);
    const logger = jsonLogger({ service: "cart", level: config.LOG_LEVEL });
    scope.use(startTelemetry({ serviceName: "cart", endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT }));
    const metrics = processMetrics();
    const health = processHealth();
    const admin = adminApp({ health, exposeMetrics: metrics.expose });
    scope.use(serve({ app: admin, port: config.ADMIN_PORT, hostname: config.ADMIN_HOST }));
    const postgres = config.POSTGRES_CONNECTION_STRING;
    const { deps, stopLive } = scope.use(await postgresCart({ config, postgres, peerUrls: peerUrlsOf(config), logger, metrics, health }));
    scope.use(
      serve({
        app: cartApp(deps),
        port: config.CART_PORT,
        hostname: config.HOST,
        endStreams: stopLive,
        onListen: ({ port }) => logger.info({ port }, "the cart service listens"),
      }),
    );
    scope.signal.addEventListener("abort", () => health.drain());
  },
});
