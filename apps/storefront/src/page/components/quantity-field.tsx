import { maxPiecesOfProduct } from "@cartwright/contracts/cart-limits";
import { type ReactElement, useState } from "react";

export type QuantityFieldProps = { readonly name: string; readonly quantity: number; onSet(quantity: number): void };

/** A number to be typed over; it counts when it is left or Enter is pressed, and is forgotten on Escape. */
export const QuantityField = ({ name, quantity, onSet }: QuantityFieldProps): ReactElement => {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const typed = Number(draft);
    if (draft !== null && draft !== "" && Number.isInteger(typed) && typed !== quantity)
      onSet(Math.min(Math.max(typed, 0), maxPiecesOfProduct));
    setDraft(null);
  };
  return (
    <input
      type="text"
      inputMode="numeric"
      autoComplete="off"
      aria-label={`Quantity of ${name}`}
      value={draft ?? quantity}
      size={Math.max(2, String(draft ?? quantity).length)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setDraft(event.target.value.replaceAll(/\D/g, "").slice(0, 4))}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
};
