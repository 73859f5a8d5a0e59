import { useEffect, useEffectEvent } from "react";

/** As long as something lies over the page, the browser's way back closes it, and does not leave the page. */
export const useBackCloses = (close: () => void): void => {
  const closed = useEffectEvent(close);
  useEffect(() => {
    // A page that was loaded anew still has those of before in its history.
    const entry = Math.random();
    history.pushState({ [OVER]: entry }, "");
    const onWayBack = () => {
      if (history.state?.[OVER] !== entry) closed();
    };
    addEventListener("popstate", onWayBack);
    return () => {
      removeEventListener("popstate", onWayBack);
      // Closed in another way: its place in the history goes as well.
      if (history.state?.[OVER] === entry) history.back();
    };
  }, []);
};

const OVER = "over";
