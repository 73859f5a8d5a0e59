import { paymentTokenOf } from "@cartwright/client/ids";
import type { QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { useState } from "react";
import { checkoutPageOf } from "../../shop/checkout-address.ts";
import type { OrderForm } from "../../shop/order-form.ts";
import { refusalSentence } from "../../shop/refusal-sentence.ts";
import { useShop } from "./use-shop.ts";
import { useWords } from "./use-words.ts";

export type Paying = {
  pay(form: OrderForm, agreed: { quoteHash: QuoteHash; shippingMethodId: ShippingMethodId }): Promise<void>;
  readonly busy: boolean;
  /** Why it did not begin; empty where nothing was tried yet. */
  readonly trouble: string;
  /** Grows when what was agreed to is to be asked for anew. */
  readonly refusals: number;
};

/** Begins a checkout and goes to the page that tells how it stands. */
export const usePay = (): Paying => {
  const { api, live } = useShop();
  const words = useWords();
  const [{ busy, trouble, refusals }, setState] = useState({ busy: false, trouble: "", refusals: 0 });
  const pay: Paying["pay"] = async ({ email, name, line1, city, postalCode, country, card }, agreed) => {
    if (busy) return;
    setState({ busy: true, trouble: "", refusals });
    const order = {
      ...{
        cartId: live.cartId,
        ...agreed,
        paymentToken: paymentTokenOf(card),
        contact: { email: email.trim(), locale: navigator.language },
      },
      shipTo: { country, name, line1, city, ...(postalCode.trim() !== "" && { postalCode }) },
    };
    try {
      const answer = await api.checkout.start(order);
      if (answer.ok) return location.assign(checkoutPageOf(answer.value.checkoutId));
      setState({ busy: false, trouble: refusalSentence(answer.refusal, words), refusals: refusals + 1 });
    } catch {
      setState({ busy: false, trouble: "The shop cannot be reached just now. Try again, please.", refusals });
    }
  };
  return { pay, busy, trouble, refusals };
};
