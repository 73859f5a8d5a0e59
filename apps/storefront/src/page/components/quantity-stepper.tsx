import type { ReactElement } from "react";
import { Icon } from "./icon.tsx";
import { QuantityField } from "./quantity-field.tsx";

export type QuantityStepperProps = {
  readonly name: string;
  readonly quantity: number;
  onMore(): void;
  onSet(quantity: number): void;
};

/** How many of a product are in the cart: fewer, a number, more. */
export const QuantityStepper = ({ name, quantity, onMore, onSet }: QuantityStepperProps): ReactElement => (
  <fieldset className="stepper">
    <legend className="visually-hidden">Quantity of {name}</legend>
    <button type="button" onClick={() => onSet(quantity - 1)} aria-label={quantity > 1 ? `One ${name} fewer` : `Remove ${name}`}>
      <Icon name="minus" />
    </button>
    <QuantityField name={name} quantity={quantity} onSet={onSet} />
    <button type="button" onClick={onMore} aria-label={`One more ${name}`}>
      <Icon name="plus" />
    </button>
  </fieldset>
);
