import { startBilling } from "@cartwright/billing/compose";
import { billingConfig } from "@cartwright/billing/config";
import type { RunningCart } from "@cartwright/cart/compose";
import { startFraud } from "@cartwright/fraud/compose";
import { fraudConfig } from "@cartwright/fraud/config";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { startNotification } from "@cartwright/notification/compose";
import { notificationConfig } from "@cartwright/notification/config";
import { parseConfig } from "@cartwright/service-kit/config";
import type { Health } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import type { ProcessScope } from "@cartwright/service-kit/node/lifecycle";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import type postgres from "postgres";

type OwnLog = Pick<RunningCart, "log" | "tailer">;

export type CheckoutServicesOptions = {
  readonly scope: Pick<ProcessScope, "use">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly cart: Pick<RunningCart, "log" | "tailer" | "openSealed" | "stopReacting">;
  /** A log of this process as those who follow it get it. */
  readonly feedOf: (service: OwnLog) => LogFeed;
  /** What each of the services is given. */
  readonly beside: {
    readonly postgres: postgres.Options<Record<string, never>>;
    readonly health: Health;
    readonly metrics: Metrics;
    readonly shared: boolean;
    readonly wakeUps: "notify" | "in-process";
    readonly verifier: TokenVerifier;
  };
};

/** Starts the services that carry a checkout on beside the cart, and answers what the cart follows, and where each of them is. */
export const startCheckoutServices = async (options: CheckoutServicesOptions) => {
  const { scope, environment, cart, feedOf, beside } = options;
  const optionsOf = (service: string) => ({ ...beside, logger: options.logger.child({ service }) });

  const cartFeed = Promise.resolve(feedOf(cart));
  const billing = scope.use(
    await startBilling({
      ...optionsOf("billing"),
      config: parseConfig(billingConfig, environment),
      feeds: { cart: cartFeed },
    }),
  );
  const billingFeed = feedOf(billing);
  const feeds = { billing: Promise.resolve(billingFeed) };
  const fraud = scope.use(await startFraud({ ...optionsOf("fraud"), config: parseConfig(fraudConfig, environment), feeds }));
  const config = parseConfig(notificationConfig, environment);
  const notification = scope.use(
    await startNotification({ ...optionsOf("notification"), config, feeds: { cart: cartFeed }, open: cart.openSealed }),
  );
  // The cart follows logs that are closed before its own is.
  scope.use({ [Symbol.asyncDispose]: cart.stopReacting });
  return {
    billingFeed,
    fraudFeed: feedOf(fraud),
    urls: { billing: urlOf(billing), fraud: urlOf(fraud), notification: urlOf(notification) },
  };
};

const urlOf = ({ port }: { readonly port: number }) => `http://localhost:${port}`;
