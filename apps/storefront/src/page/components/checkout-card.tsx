import type { ReactElement, ReactNode } from "react";
import type { CheckoutWords } from "../../shop/checkout-words.ts";
import { Icon, type IconName } from "./icon.tsx";

export type CheckoutCardProps = { readonly tone: CheckoutWords["tone"]; readonly title: string; readonly children: ReactNode };

/** All that the page of a checkout says, and the way back to the shop. */
export const CheckoutCard = ({ tone, title, children }: CheckoutCardProps): ReactElement => (
  <section className="checkout-card" data-tone={tone} aria-labelledby="checkout-title">
    <span className="checkout-sign">
      <Icon name={signs[tone]} />
    </span>
    <div className="checkout-text" role="status">
      <h1 id="checkout-title">{title}</h1>
      {children}
    </div>
    <a className="button quiet" href="/">
      Back to the shop
    </a>
  </section>
);

const signs: Readonly<Record<CheckoutWords["tone"], IconName>> = { calm: "check", busy: "clock", cut: "cross" };
