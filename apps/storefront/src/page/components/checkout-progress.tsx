import type { CheckoutId } from "@cartwright/contracts/ids";
import type { ReactElement } from "react";
import { checkoutWords } from "../../shop/checkout-words.ts";
import { useCheckout } from "../hooks/use-checkout.ts";
import { useConfirmedAction } from "../hooks/use-confirmed-action.ts";
import { CheckoutCard } from "./checkout-card.tsx";
import { Price } from "./price.tsx";
import { UnknownCheckout } from "./unknown-checkout.tsx";

export type CheckoutProgressProps = { readonly checkoutId: CheckoutId; readonly isBack: boolean };

/** How a checkout of the shopper's stands, as it goes on. */
export const CheckoutProgress = ({ checkoutId, isBack }: CheckoutProgressProps): ReactElement => {
  const { checkout, isUnknown, isAway } = useCheckout(checkoutId);
  const confirm = useConfirmedAction(checkout, isBack);
  if (isUnknown) return <UnknownCheckout />;
  if (!checkout)
    return (
      <CheckoutCard tone="busy" title="Looking for your checkout …">
        {isAway && <Away />}
      </CheckoutCard>
    );
  const { tone, title, text } = checkoutWords(checkout);
  const isOrder = checkout.status === "Ordered";
  return (
    <CheckoutCard tone={tone} title={title}>
      <p>{text}</p>
      <dl className="checkout-facts">
        <dt>{isOrder ? "Total" : "Amount"}</dt>
        <dd>
          <Price money={checkout.amount} />
        </dd>
        <dt>{isOrder ? "Order" : "Checkout"}</dt>
        <dd className="checkout-id">{checkoutId}</dd>
      </dl>
      {checkout.action && (
        <div className="checkout-actions">
          <a className="button primary" href={checkout.action.url}>
            Go to your bank
          </a>
          <button type="button" className="quiet" onClick={confirm}>
            I have confirmed it
          </button>
        </div>
      )}
      {isAway && <Away />}
    </CheckoutCard>
  );
};

const Away = (): ReactElement => <p className="line-notice">The shop cannot be reached just now. It is tried again every few seconds.</p>;
