import type { Country } from "@cartwright/contracts/pricing-shapes";
import type { ReactElement } from "react";
import type { OrderForm } from "../../shop/order-form.ts";

export type OrderAddressProps = {
  readonly form: OrderForm;
  readonly countries: readonly Country[];
  onChange(part: Partial<OrderForm>): void;
};

/** By which e-mail address the shopper is reached, and where the order goes. */
export const OrderAddress = ({ form, countries, onChange }: OrderAddressProps): ReactElement => (
  <div className="order-address">
    {fields.map(({ key, label, ...input }) => (
      <label key={key} data-field={key}>
        {label}
        <input {...input} name={key} value={form[key]} onChange={(event) => onChange({ [key]: event.target.value })} />
      </label>
    ))}
    <label>
      Country
      {/* Its options are countries. */}
      <select
        name="country"
        autoComplete="country"
        value={form.country}
        onChange={(event) => onChange({ country: event.target.value as Country })}
      >
        {[...new Set([form.country, ...countries])].map((country) => (
          <option key={country} value={country}>
            {nameOf(country)}
          </option>
        ))}
      </select>
    </label>
  </div>
);

const fields = [
  { key: "email", label: "E-mail", type: "email", autoComplete: "email", required: true, maxLength: 254 },
  { key: "name", label: "Name", type: "text", autoComplete: "name", required: true, maxLength: 200 },
  { key: "line1", label: "Street and number", type: "text", autoComplete: "address-line1", required: true, maxLength: 200 },
  { key: "city", label: "City", type: "text", autoComplete: "address-level2", required: true, maxLength: 100 },
  { key: "postalCode", label: "Postal code", type: "text", autoComplete: "postal-code", required: false, maxLength: 20 },
] as const;

const names = new Intl.DisplayNames("en", { type: "region" });
const nameOf = (country: Country): string => names.of(country) ?? country;
