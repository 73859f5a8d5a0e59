import type { Currency } from "@cartwright/contracts/currency";
import type { CatalogueProduct } from "./catalogue-product.ts";
import type { CatalogueQuery } from "./catalogue-query.ts";
import { observable } from "./observable.ts";

/** A list of products as the page shows it: page after page, and what was there stays until what comes next is there. */
export type Catalogue = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): CatalogueState;
  /** From the beginning, unless it is what is shown. */
  show(query: CatalogueQuery, currency: Currency): void;
  /** The next page, if there is one. */
  more(): void;
  /** The same once more and as far as it is shown, such as when a price has changed. */
  refresh(): void;
};

export type CatalogueState = {
  readonly items: readonly CatalogueProduct[];
  /** `idle`: nothing has been asked for. `away`: the service did not answer. */
  readonly status: "idle" | "loading" | "shown" | "away";
  readonly hasMore: boolean;
  /** The products answer another question than the last one: that one has no answer yet. */
  readonly isOther: boolean;
  /** From when the service did not answer until it does. */
  readonly isAway: boolean;
};

export type CatalogueRequest = CatalogueQuery & { readonly currency: Currency; readonly cursor: string | undefined };
export type CataloguePage = { readonly items: readonly CatalogueProduct[]; readonly nextCursor: string | null };

/** Rejects where the service does not answer, and where the signal aborts. */
export type ListCatalogue = (request: CatalogueRequest, signal: AbortSignal) => Promise<CataloguePage>;

export const catalogue = (list: ListCatalogue): Catalogue => {
  const state = observable<CatalogueState>({ items: [], status: "idle", hasMore: false, isOther: false, isAway: false });
  let shown: { readonly query: CatalogueQuery; readonly currency: Currency } | undefined;
  let answered: typeof shown;
  let cursor: string | undefined;
  let loading = new AbortController();

  /** Page after page behind `before`, one at least, until there are so many products. */
  const load = async (before: readonly CatalogueProduct[], after: string | undefined, atLeast: number): Promise<void> => {
    if (!shown) return;
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    const asked = shown;
    const { query, currency } = asked;
    state.set({ ...state.get(), status: "loading", isOther: answered !== undefined && answered !== asked });
    try {
      let items = before;
      let next = after;
      do {
        const page = await list({ ...query, currency, cursor: next }, signal);
        if (signal.aborted) return;
        items = [...items, ...page.items];
        next = page.nextCursor ?? undefined;
      } while (next !== undefined && items.length < atLeast);
      cursor = next;
      answered = asked;
      state.set({ items, status: "shown", hasMore: next !== undefined, isOther: false, isAway: false });
    } catch {
      if (!signal.aborted) state.set({ ...state.get(), status: "away", isAway: true });
    }
  };

  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    show(query, currency) {
      if (shown && sameQuery(shown.query, query) && shown.currency === currency) return;
      shown = { query, currency };
      void load([], undefined, 1);
    },
    more() {
      const { items, status } = state.get();
      if (cursor !== undefined && status !== "loading") void load(items, cursor, 1);
    },
    refresh: () => void load([], undefined, state.get().items.length),
  };
};

const sameQuery = (left: CatalogueQuery, right: CatalogueQuery): boolean =>
  left.text === right.text && left.category === right.category && left.sort === right.sort;
