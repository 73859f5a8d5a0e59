import { type ReactElement, useEffect, useState } from "react";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useWords } from "../hooks/use-words.ts";

/** Reads out what the cart has come to, once the taps are over. */
export const Announcer = (): ReactElement => {
  const { cart, loaded } = useLiveCart();
  const { money, count } = useWords();
  const [said, setSaid] = useState("");
  const sum = loaded && cart?.status === "Open" ? `In the cart: ${count(cart.totals.itemCount, "item")}, ${money(cart.totals.total)}` : "";
  useEffect(() => {
    const timer = setTimeout(() => setSaid(sum), QUIET_MS);
    return () => clearTimeout(timer);
  }, [sum]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
};

const QUIET_MS = 700;
