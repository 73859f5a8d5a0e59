import type { LogFeed } from "@cartwright/messaging/log-feed";
import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { awaitRemoteFeed } from "@cartwright/service-kit/remote-log";
import { startCart } from "./compose.ts";
import { cartProcessConfig, peerUrlsOf } from "./config.ts";

await runServiceProcess({
  service: "cart",
  config: cartProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const { feed, publish } = transport({ ...kafkaSettings(config), service: "cart", logger, metrics });
    const [billing, fraud] = [Promise.withResolvers<LogFeed>(), Promise.withResolvers<LogFeed>()];
    const feeds = { billing: billing.promise, fraud: fraud.promise };
    const postgres = config.POSTGRES_CONNECTION_STRING;
    const cart = await startCart({ config, postgres, feeds, publish, peerUrls: peerUrlsOf(config), logger, metrics, health });
    // The token is this service's own, so that the others can only be asked once it stands.
    const follow = (url: string) => awaitRemoteFeed({ url, token: cart.ownToken, signal: scope.signal, logger, feed });
    billing.resolve(follow(config.BILLING_URL));
    fraud.resolve(follow(config.FRAUD_URL));
    return cart;
  },
});
