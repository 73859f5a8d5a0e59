import { maxPiecesOfProduct } from "@cartwright/contracts/cart-limits";
import { type ReactElement, useEffect, useState } from "react";
import { typedQuantity } from "../../shop/typed-quantity.ts";
import { useWords } from "../hooks/use-words.ts";

export type QuantityFieldProps = { readonly name: string; readonly quantity: number; onSet(quantity: number): void };

/**
 * A number to be typed over; it counts when it is left or Enter is pressed, and is forgotten on Escape. What is no number of pieces changes
 * nothing, and that is said.
 */
export const QuantityField = ({ name, quantity, onSet }: QuantityFieldProps): ReactElement => {
  const { count } = useWords();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<"notWhole" | "tooMany" | null>(null);
  useEffect(() => {
    if (problem === null) return;
    const timer = setTimeout(() => setProblem(null), READ_MS);
    return () => clearTimeout(timer);
  }, [problem]);
  const commit = () => {
    const typed = typedQuantity(draft ?? "");
    setDraft(null);
    if (typed && "problem" in typed) return setProblem(typed.problem);
    if (draft !== null) setProblem(null);
    if (typed && typed.quantity !== quantity) onSet(typed.quantity);
  };
  return (
    <>
      <input
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={`Quantity of ${name}`}
        value={draft ?? quantity}
        size={Math.max(2, String(draft ?? quantity).length)}
        maxLength={6}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setProblem(null);
          setDraft(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") {
            // Else it would press the button that has the focus once this field is gone.
            event.preventDefault();
            commit();
          }
          if (event.key === "Escape") setDraft(null);
        }}
      />
      {problem && (
        <p className="stepper-word" role="alert">
          {problem === "notWhole" ? "Whole pieces only" : `No more than ${count(maxPiecesOfProduct, "piece")}`}: it stays at {quantity}.
        </p>
      )}
    </>
  );
};

/** Long enough to be read. */
const READ_MS = 6_000;
