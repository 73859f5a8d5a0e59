import { transport } from "@cartwright/messaging/transport";
import { kafkaSettings } from "@cartwright/service-kit/kafka-config";
import { runServiceProcess } from "@cartwright/service-kit/node/service-process";
import { ownTokenVerifier } from "@cartwright/service-kit/own-tokens";
import { awaitRemoteFeed, remoteLog } from "@cartwright/service-kit/remote-log";
import { serviceToken } from "@cartwright/service-kit/service-token";
import { startProjector } from "./compose.ts";
import { projectorProcessConfig } from "./config.ts";

await runServiceProcess({
  service: "projector",
  config: projectorProcessConfig,
  environment: process.env,
  async start({ config, scope, logger, metrics, health }) {
    const postgres = config.POSTGRES_CONNECTION_STRING;
    const verifier = ownTokenVerifier(config.CART_URL);
    const { feed } = transport({ ...kafkaSettings(config), service: "projector", logger, metrics });
    const token = serviceToken({ url: config.CART_URL, service: "projector", secret: config.PROJECTOR_SECRET, signal: scope.signal });
    const waiting = { token, signal: scope.signal, logger };
    // The start is made again while the cart is away, and says so.
    const cartLog = await remoteLog({ url: config.CART_URL, token, signal: scope.signal });
    const feedOf = (url: string) => awaitRemoteFeed({ url, ...waiting, feed });
    const feeds = { billing: feedOf(config.BILLING_URL), fraud: feedOf(config.FRAUD_URL) };
    return startProjector({ config, postgres, cartLog, feed: feed(cartLog), feeds, shared: true, verifier, health, logger, metrics });
  },
});
