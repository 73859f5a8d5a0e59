import { unreachable } from "@cartwright/decider/unreachable";
import type { ReactElement } from "react";
import type { LineNotice } from "../hooks/use-price-watch.ts";
import { useWords } from "../hooks/use-words.ts";

/** What a line is not any more in the shop; in the cart it stays as it was added. */
export const CartLineNotice = ({ notice }: { notice: LineNotice }): ReactElement => {
  const { money } = useWords();
  switch (notice.code) {
    case "PriceChanged":
      return (
        <p className="line-notice">
          The price has changed from {money(notice.from)} to {money(notice.to)} since you added it.
        </p>
      );
    case "ProductRetired":
      return <p className="line-notice">Not sold any more.</p>;
    default:
      return unreachable(notice);
  }
};
