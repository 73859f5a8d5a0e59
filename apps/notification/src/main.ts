import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { awaitRemoteLog } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createRemoteJWKSet } from "jose";
import { startNotification } from "./compose.ts";
import { notificationProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "notification",
  config: notificationProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "notification", logger, metrics });
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.CART_URL));
    const token = serviceToken({ url: config.CART_URL, service: "notification", secret: config.NOTIFICATION_SECRET });
    const onAway = (err: unknown) => logger.warn({ err }, "the log of billing is waited for");
    const billing = awaitRemoteLog({ url: config.BILLING_URL, token, signal: scope.signal, onAway }).then(feed);
    return startNotification({
      config,
      postgres: config.POSTGRES_CONNECTION_STRING,
      feeds: { billing },
      publish,
      shared: true,
      verifier: tokenVerifier({ keys, issuer: "cartwright", audience: "cartwright" }),
      logger,
      metrics,
      health,
    });
  },
});
