import { useState } from "react";
import { refusalSentence } from "../../shop/refusal-sentence.ts";
import type { Credentials } from "../../shop/shop-api.ts";
import { useShopPage } from "../shop-page.tsx";
import { useWords } from "./use-words.ts";

export type SigningIn = {
  signIn(credentials: Credentials): Promise<void>;
  readonly busy: boolean;
  /** Why it did not work; empty where nothing was tried yet. */
  readonly trouble: string;
};

export const useSignIn = (onDone: () => void): SigningIn => {
  const { shop } = useShopPage();
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const signIn = async (credentials: Credentials): Promise<void> => {
    // A button that is disabled would lose the focus, and with it the place in the page.
    if (busy) return;
    setBusy(true);
    setTrouble("");
    try {
      const answer = await shop.signIn(credentials);
      if (answer.ok) return onDone();
      setTrouble(refusalSentence(answer.refusal, words));
    } catch {
      setTrouble("The shop cannot be reached just now. Try again, please.");
    } finally {
      setBusy(false);
    }
  };
  return { signIn, busy, trouble };
};
