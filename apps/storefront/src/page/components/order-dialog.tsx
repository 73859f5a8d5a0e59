import type { Currency } from "@cartwright/contracts/currency";
import type { Country } from "@cartwright/contracts/pricing-shapes";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { countriesOf, methodsTo, type OrderForm } from "../../shop/order-form.ts";
import { demonstrationCards, demonstrationCountries } from "../demonstration-checkout.ts";
import { usePay } from "../hooks/use-pay.ts";
import { useQuote } from "../hooks/use-quote.ts";
import { useShippingMethods } from "../hooks/use-shipping-methods.ts";
import { useShop } from "../hooks/use-shop.ts";
import { useWords } from "../hooks/use-words.ts";
import { Modal } from "./modal.tsx";
import { OrderAddress } from "./order-address.tsx";
import { OrderChoice } from "./order-choice.tsx";
import { QuoteTotals } from "./quote-totals.tsx";

/** Where an order goes, what it costs, and by which of the provider's test cards it is paid. */
export const OrderDialog = ({ currency, onClose }: { currency: Currency; onClose(): void }): ReactElement => {
  const id = useId();
  const { email } = useShop();
  const { money } = useWords();
  const [form, setForm] = useState<OrderForm>(() => ({ ...unsaid, email: email ?? "", country: ownCountry() }));
  const methods = useShippingMethods() ?? [];
  const offered = methodsTo(methods, form.country, currency);
  const chosen = offered.find(({ shippingMethodId }) => shippingMethodId === form.shippingMethodId) ?? offered[0];
  const { pay, busy, trouble, refusals } = usePay();
  const { agreed, trouble: noQuote } = useQuote(form.country, chosen?.shippingMethodId ?? null, refusals);
  const change = (part: Partial<OrderForm>) => setForm({ ...form, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (agreed && chosen) void pay(form, { quoteHash: agreed.quoteHash, shippingMethodId: chosen.shippingMethodId });
  };
  return (
    <Modal className="dialog order" labelledBy={`${id}-title`} onClose={onClose}>
      <form onSubmit={submit} aria-busy={busy}>
        <h2 id={`${id}-title`}>Check out</h2>
        <OrderAddress form={form} countries={countriesOf(methods, demonstrationCountries)} onChange={change} />
        <OrderChoice
          legend="Shipping"
          options={offered.map(({ shippingMethodId, name }) => ({ value: shippingMethodId, label: name }))}
          value={chosen?.shippingMethodId ?? ""}
          onChoose={(value) =>
            change({ shippingMethodId: offered.find((each) => each.shippingMethodId === value)?.shippingMethodId ?? null })
          }
        />
        <OrderChoice
          legend="Pay by a test card"
          options={demonstrationCards.map(({ token, label }) => ({ value: token, label }))}
          value={form.card}
          onChoose={(card) => change({ card })}
        />
        <QuoteTotals quote={agreed?.quote ?? null} />
        <p className="dialog-trouble" role="alert">
          {trouble || noQuote}
        </p>
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={onClose}>
            Back
          </button>
          <button type="submit" className="primary" aria-disabled={busy || !agreed}>
            {busy ? "Paying …" : `Pay ${agreed ? money(agreed.quote.totals.total) : "…"}`}
          </button>
        </div>
      </form>
    </Modal>
  );
};

const ownCountry = (): Country => {
  const region = new Intl.Locale(navigator.language).maximize().region;
  return demonstrationCountries.find((country) => country === region) ?? (demonstrationCountries[0] as Country);
};

const unsaid = { name: "", line1: "", city: "", postalCode: "", shippingMethodId: null, card: demonstrationCards[0]?.token ?? "" };
