import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { awaitRemoteLog } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createRemoteJWKSet } from "jose";
import { startBilling } from "./compose.ts";
import { billingProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "billing",
  config: billingProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "billing", logger, metrics });
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", config.CART_URL));
    const token = serviceToken({ url: config.CART_URL, service: "billing", secret: config.BILLING_SECRET });
    const onAway = (err: unknown) => logger.warn({ err }, "the log of cart is waited for");
    const cart = awaitRemoteLog({ url: config.CART_URL, token, signal: scope.signal, onAway }).then(feed);
    return startBilling({
      config,
      postgres: config.POSTGRES_CONNECTION_STRING,
      feeds: { cart },
      publish,
      shared: true,
      verifier: tokenVerifier({ keys, issuer: "cartwright", audience: "cartwright" }),
      logger,
      metrics,
      health,
    });
  },
});
