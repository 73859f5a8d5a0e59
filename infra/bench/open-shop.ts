import { startServices } from "@cartwright/all-in-one/compose";
import { parseAllInOne } from "@cartwright/all-in-one/config";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import demonstrationCatalogue from "../catalogue/demonstration.json";

export type Shopper = { cartId: string; authorization: string };

/** The embedded system as `start` composes it, on free ports. */
export const openShop = async (
  postgres: PostgresConnection,
  environment: Readonly<Record<string, string>> = {},
  catalogue: unknown = demonstrationCatalogue,
) => {
  const held = new AsyncDisposableStack();
  const { cartUrl } = await startServices({
    scope: { use: (resource) => held.use(resource), signal: new AbortController().signal },
    postgres,
    configs: parseAllInOne({ ...Object.fromEntries(ports.map((name) => [`${name}_PORT`, "0"])), ...environment }),
    logger: silentLogger,
    demonstrationCatalogue: catalogue,
  });
  return { origin: cartUrl, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const ports = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];

/** A guest, with a cart that holds nothing yet. */
export const newGuest = async (origin: string): Promise<Shopper> => {
  const guest = await fetch(`${origin}/api/auth/guest`, { method: "POST" });
  const { token }: { token: string } = await guest.json();
  return { cartId: crypto.randomUUID(), authorization: `Bearer ${token}` };
};

/** What is in a cart of usual size. Five lines take fifty thousand adds before one is full. */
export const productIds: readonly string[] = demonstrationCatalogue.products.slice(0, 5).map(({ productId }) => productId);

const silent = () => {};
const silentLogger = { debug: silent, info: silent, warn: silent, error: silent, child: () => silentLogger };
