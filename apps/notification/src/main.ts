import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { openRemotely } from "@cartwright/service-kit/open-remotely";
import { ownTokenVerifier } from "@cartwright/service-kit/own-tokens";
import { awaitRemoteFeed } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { startNotification } from "./compose.ts";
import { notificationProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "notification",
  config: notificationProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "notification", logger, metrics });
    const url = config.CART_URL;
    const token = serviceToken({ url, service: "notification", secret: config.NOTIFICATION_SECRET, signal: scope.signal });
    const cart = awaitRemoteFeed({ url, token, signal: scope.signal, logger, feed });
    return startNotification({
      config,
      postgres: config.POSTGRES_CONNECTION_STRING,
      feeds: { cart },
      open: openRemotely({ url, token }),
      publish,
      shared: true,
      verifier: ownTokenVerifier(url),
      logger,
      metrics,
      health,
    });
  },
});
