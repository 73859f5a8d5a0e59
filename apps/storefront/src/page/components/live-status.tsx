import type { ReactElement } from "react";
import { liveView } from "../../shop/live-view.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useOnline } from "../hooks/use-online.ts";

/** How the cart stands, in a word. The sentence behind it is read out, and is there to be read where something is cut off. */
export const LiveStatus = (): ReactElement => {
  const { word, sentence, tone } = liveView(useLiveCart(), useOnline());
  return (
    <>
      <p className="live-status" data-tone={tone} title={sentence} role="status">
        <span className="live-dot" aria-hidden="true" />
        {word}
        <span className="visually-hidden">. {sentence}</span>
      </p>
      {tone === "cut" && (
        <p className="live-sentence" aria-hidden="true">
          {sentence}
        </p>
      )}
    </>
  );
};
