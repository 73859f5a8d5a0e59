import type { Country, Quote, QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { useEffect, useState } from "react";
import { refusalSentence } from "../../shop/refusal-sentence.ts";
import { useLiveCart } from "./use-live-cart.ts";
import { useShop } from "./use-shop.ts";
import { useWords } from "./use-words.ts";

export type QuoteShown = {
  readonly agreed: { readonly quote: Quote; readonly quoteHash: QuoteHash } | null;
  /** Why there is none; empty where there is one, or it is on its way. */
  readonly trouble: string;
};

/** What the cart costs as it is now and where it goes to: asked anew whenever one of them, or `again`, is another. */
export const useQuote = (country: Country, shippingMethodId: ShippingMethodId | null, again: number): QuoteShown => {
  const { api, live } = useShop();
  const { version, pending } = useLiveCart();
  const words = useWords();
  const [shown, setShown] = useState(nothing);
  useEffect(() => {
    setShown(nothing);
    if (shippingMethodId === null || pending > 0) return;
    const leaving = new AbortController();
    api.checkout.quote({ cartId: live.cartId, country, shippingMethodId }, leaving.signal).then(
      (answer) =>
        leaving.signal.aborted ||
        setShown(answer.ok ? { agreed: answer.value, trouble: "" } : { agreed: null, trouble: refusalSentence(answer.refusal, words) }),
      () => leaving.signal.aborted || setShown({ agreed: null, trouble: "The shop cannot be reached just now. Try again, please." }),
    );
    return () => leaving.abort();
  }, [api, live, words, version, pending, country, shippingMethodId, again]);
  return shown;
};

const nothing: QuoteShown = { agreed: null, trouble: "" };
