import { StockId } from "@cartwright/contracts/pricing-shapes";
import type { Asking } from "./asking.ts";

/** One product, of which there are so many pieces. */
export const piece = { productId: "piece", stockId: StockId.parse("pieces"), pieces: 1_000 };

/** The shop has it. `token` is of whoever keeps the shop. */
export const stockPieces = async ({ insist }: Pick<Asking, "insist">, token: string): Promise<void> => {
  const { productId, stockId, pieces } = piece;
  const prices = [{ amountMinor: 2_000, currency: "EUR" }];
  await insist("catalog.put", { productId, name: "Piece", prices, stockId }, { token });
  await insist("stock.set", { stocks: [{ stockId, onHand: pieces }] }, { token });
};

export type Buying = {
  readonly token: string;
  /** Of the purchase: each of its steps has one that is made of it. */
  readonly key: string;
  readonly cartId: string;
  readonly productId: string;
  readonly card: string;
};

/** Fills a cart and pays it, each step under its key until it is acknowledged. */
export const buy = async ({ insist }: Pick<Asking, "insist">, { token, key, cartId, productId, card }: Buying): Promise<string> => {
  await insist("cart.addItem", { cartId, productId, quantity: 1, idempotencyKey: `${key}-add` }, { token });
  const { quoteHash } = await insist<{ quoteHash: string }>("cart.quote", { cartId }, { token });
  const contact = { email: "ada@example.com", locale: "en" };
  const paying = { cartId, quoteHash, contact, paymentToken: card, idempotencyKey: key };
  const { checkoutId } = await insist<{ checkoutId: string }>("checkout.start", paying, { token });
  return checkoutId;
};
