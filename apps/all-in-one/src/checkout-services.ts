import { startBilling } from "@cartwright/billing/compose";
import { paymentReturnUrlOf } from "@cartwright/billing/config";
import type { RunningCart } from "@cartwright/cart/compose";
import { startFraud } from "@cartwright/fraud/compose";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { startNotification } from "@cartwright/notification/compose";
import type { Health } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import type { ProcessScope } from "@cartwright/service-kit/node/lifecycle";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import type postgres from "postgres";
import type { AllInOneConfigs } from "./config.ts";

type OwnLog = Pick<RunningCart, "log" | "tailer">;

export type CheckoutServicesOptions = {
  readonly scope: Pick<ProcessScope, "use">;
  readonly configs: Pick<AllInOneConfigs, "billing" | "fraud" | "notification">;
  readonly logger: Logger;
  readonly cart: Pick<RunningCart, "log" | "tailer" | "openSealed" | "stopReacting">;
  /** Where shoppers come back to from 3-D Secure, if no other address is configured. */
  readonly storefrontUrl: string;
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
  const { scope, configs, storefrontUrl, cart, feedOf, beside } = options;
  const optionsOf = (service: string) => ({ ...beside, logger: options.logger.child({ service }) });

  const cartFeed = Promise.resolve(feedOf(cart));
  const billing = scope.use(
    await startBilling({
      ...optionsOf("billing"),
      config: { ...configs.billing, PAYMENT_RETURN_URL: paymentReturnUrlOf(configs.billing, storefrontUrl) },
      feeds: { cart: cartFeed },
    }),
  );
  const billingFeed = feedOf(billing);
  const feeds = { billing: Promise.resolve(billingFeed) };
  const fraud = scope.use(await startFraud({ ...optionsOf("fraud"), config: configs.fraud, feeds }));
  const notification = scope.use(
    await startNotification({
      ...optionsOf("notification"),
      config: configs.notification,
      feeds: { cart: cartFeed },
      open: cart.openSealed,
    }),
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
