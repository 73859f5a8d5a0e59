import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { ownTokenVerifier } from "@cartwright/service-kit/own-tokens";
import { awaitRemoteFeed } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { startBilling } from "./compose.ts";
import { billingProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "billing",
  config: billingProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "billing", logger, metrics });
    const token = serviceToken({ url: config.CART_URL, service: "billing", secret: config.BILLING_SECRET, signal: scope.signal });
    const cart = awaitRemoteFeed({ url: config.CART_URL, token, signal: scope.signal, logger, feed });
    return startBilling({
      config,
      postgres: config.POSTGRES_CONNECTION_STRING,
      feeds: { cart },
      publish,
      shared: true,
      verifier: ownTokenVerifier(config.CART_URL),
      logger,
      metrics,
      health,
    });
  },
});
