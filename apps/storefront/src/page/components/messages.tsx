import { type ReactElement, useEffect } from "react";
import { messageOf } from "../../shop/message.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useShop } from "../hooks/use-shop.ts";
import { useWords } from "../hooks/use-words.ts";
import { useShopPage } from "../shop-page.tsx";
import { MessageCard } from "./message-card.tsx";
import { RefusalAction } from "./refusal-action.tsx";

/** What the shopper is told of what was done or not: each stays until it is dismissed. */
export const Messages = (): ReactElement => {
  const { shop, catalogue } = useShopPage();
  const { live, notes } = useShop();
  const { told } = useLiveCart();
  const words = useWords();
  const newest = told.at(-1)?.id;
  // Whatever was refused, or is not as it was: the prices on the page may be old.
  useEffect(() => {
    if (newest !== undefined) catalogue.refresh();
  }, [newest, catalogue]);

  return (
    <section className="messages" aria-label="Messages">
      {notes.map((note) => (
        <MessageCard key={`note ${note.id}`} message={messageOf(note, words)} onDismiss={() => shop.dismiss(note.id)} />
      ))}
      {told.map((it) => (
        <MessageCard key={`told ${it.id}`} message={messageOf(it, words)} onDismiss={() => live.dismiss(it.id)}>
          {it.kind === "refused" && <RefusalAction told={it} onDone={() => live.dismiss(it.id)} />}
        </MessageCard>
      ))}
    </section>
  );
};
