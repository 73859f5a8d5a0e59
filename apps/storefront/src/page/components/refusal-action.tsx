import type { Told } from "@cartwright/client/live-cart-state";
import type { ReactElement } from "react";
import { useCartActions } from "../hooks/use-cart-actions.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useWords } from "../hooks/use-words.ts";
import { useShopPage } from "../shop-page.tsx";

export type RefusalActionProps = { readonly told: Extract<Told, { kind: "refused" }>; onDone(): void };

/** What the shopper can do about a refusal, if anything. */
export const RefusalAction = ({ told: { command, refusal }, onDone }: RefusalActionProps): ReactElement | null => {
  const { shop, currency } = useShopPage();
  const { cart } = useLiveCart();
  const { money } = useWords();
  const actions = useCartActions();
  const offer = (label: string, act: () => void) => (
    <button
      type="button"
      onClick={() => {
        onDone();
        act();
      }}
    >
      {label}
    </button>
  );
  if (refusal.code === "PriceChanged" && command.type === "addItem" && command.product) {
    const { productId, quantity, product } = command;
    return offer(`Add it for ${money(refusal.list)}`, () => actions.add(productId, { ...product, price: refusal.list }, quantity));
  }
  if (refusal.code === "CurrencyMismatch" && cart) {
    if (cart.items.length > 0) return offer(`Show prices in ${refusal.cart}`, () => currency.choose(refusal.cart));
    return offer(`Start a new cart in ${refusal.given}`, () => void shop.startNewCart());
  }
  if (refusal.code === "CheckoutInProgress")
    return (
      <>
        {offer("Start a new cart", () => void shop.startNewCart())}
        {offer("Give the payment up", () => void shop.giveUp(refusal.checkoutId))}
      </>
    );
  return refusal.code === "CartClosed" ? offer("Start a new cart", () => void shop.startNewCart()) : null;
};
