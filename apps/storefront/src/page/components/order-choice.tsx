import { type ReactElement, useId } from "react";

export type OrderChoiceProps = {
  readonly legend: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  onChoose(value: string): void;
};

/** One of a few. */
export const OrderChoice = ({ legend, options, value, onChoose }: OrderChoiceProps): ReactElement => {
  const name = useId();
  return (
    <fieldset className="order-choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChoose(option.value)} />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
};
