import { join } from "node:path";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import type { StorefrontConfig } from "./config.ts";
import { builtPage, bundledPage, freshPage, type PageSource } from "./node/page-source.ts";
import { readAssets } from "./node/read-assets.ts";
import { type ServedStorefront, serveStorefront } from "./node/serve-storefront.ts";

export type StartStorefrontOptions = {
  readonly config: StorefrontConfig;
  /** The origin of the cart service, which is the gateway to all others. */
  readonly cartUrl: string;
  readonly logger: Logger;
  readonly health?: Health;
};

export type RunningStorefront = ServedStorefront;

/** Starts the shop and answers when it listens. */
export const startStorefront = async ({
  config,
  cartUrl,
  logger,
  health = processHealth(),
}: StartStorefrontOptions): Promise<RunningStorefront> => {
  const [page, images] = await Promise.all([pageSource(config), readAssets(demonstrationImages, "images")]);
  return serveStorefront({ page, images, health, logger, upstream: cartUrl, port: config.STOREFRONT_PORT, hostname: config.HOST });
};

const pageSource = async ({ APP_ENV, STOREFRONT_PAGE }: StorefrontConfig): Promise<PageSource> => {
  if (STOREFRONT_PAGE !== undefined) return builtPage(STOREFRONT_PAGE);
  return APP_ENV === "development" ? freshPage({ demonstration: true }) : bundledPage();
};

/** Another catalogue's pictures lie where that catalogue says. */
const demonstrationImages = join(import.meta.dirname, "../../../infra/catalogue/images");
