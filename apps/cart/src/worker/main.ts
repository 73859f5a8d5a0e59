import { parseConfig } from "@cartwright/service-kit/config";
import { consoleLogger } from "@cartwright/service-kit/console-logger";
import * as z from "zod";
import { cartConfig } from "../config.ts";
import { inMemoryCart } from "../in-memory-cart.ts";
import { loadDemonstrationCatalogue } from "../ops/load-demonstration-catalogue.ts";

export type WorkerEnvironment = {
  /** The namespace of `CartService`. */
  readonly CART: { idFromName(name: string): object; get(id: object): { fetch(request: Request): Promise<Response> } };
  /** A catalogue file's content. */
  readonly CATALOGUE?: unknown;
  readonly DEFAULT_CURRENCY?: string;
  readonly CORS_ORIGINS?: string;
  readonly BODY_LIMIT_BYTES?: string;
  readonly MAX_BATCH_SIZE?: string;
};

/**
 * The whole service in memory, as a Durable Object: one for all requests, so that they meet at one log, and with timers that go on
 * between them. It forgets all when it is evicted.
 */
export class CartService {
  readonly #cart: ReturnType<typeof startCart>;

  constructor(_state: unknown, environment: WorkerEnvironment) {
    this.#cart = startCart(environment);
  }

  async fetch(request: Request): Promise<Response> {
    return (await this.#cart).app.fetch(request);
  }
}

const startCart = async ({ CART: _, CATALOGUE, ...variables }: WorkerEnvironment) => {
  const config = parseConfig(workerConfig, variables);
  const logger = consoleLogger({ service: "cart" });
  const cart = await inMemoryCart({
    logger,
    defaultCurrency: config.DEFAULT_CURRENCY,
    corsOrigins: config.CORS_ORIGINS,
    bodyLimitBytes: config.BODY_LIMIT_BYTES,
    maxBatchSize: config.MAX_BATCH_SIZE,
  });
  if (CATALOGUE !== undefined) {
    const loaded = await loadDemonstrationCatalogue(cart.services.catalog, CATALOGUE);
    if (loaded && !loaded.ok) logger.error({ faults: loaded.faults }, "the catalogue is no catalogue");
  }
  return cart;
};

const { DEFAULT_CURRENCY, CORS_ORIGINS, BODY_LIMIT_BYTES, MAX_BATCH_SIZE } = cartConfig.shape;
const workerConfig = z.object({ DEFAULT_CURRENCY, CORS_ORIGINS, BODY_LIMIT_BYTES, MAX_BATCH_SIZE });

// biome-ignore lint/style/noDefaultExport: the form in which the runtime asks for a worker.
export default {
  fetch: (request: Request, { CART }: WorkerEnvironment): Promise<Response> => CART.get(CART.idFromName("cart")).fetch(request),
};
