import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { ownTokenVerifier } from "@cartwright/service-kit/own-tokens";
import { awaitRemoteFeed } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { startFraud } from "./compose.ts";
import { fraudProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "fraud",
  config: fraudProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "fraud", logger, metrics });
    const token = serviceToken({ url: config.CART_URL, service: "fraud", secret: config.FRAUD_SECRET, signal: scope.signal });
    const billing = awaitRemoteFeed({ url: config.BILLING_URL, token, signal: scope.signal, logger, feed });
    return startFraud({
      config,
      postgres: config.POSTGRES_CONNECTION_STRING,
      feeds: { billing },
      publish,
      verifier: ownTokenVerifier(config.CART_URL),
      logger,
      metrics,
      health,
    });
  },
});
