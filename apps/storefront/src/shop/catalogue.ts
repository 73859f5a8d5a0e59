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
  /** The same once more, such as when a price has changed. */
  refresh(): void;
};

export type CatalogueState = {
  readonly items: readonly CatalogueProduct[];
  /** `idle`: nothing has been asked for. `away`: the service did not answer. */
  readonly status: "idle" | "loading" | "shown" | "away";
  readonly hasMore: boolean;
};

export type CatalogueRequest = CatalogueQuery & { readonly currency: Currency; readonly cursor: string | undefined };
export type CataloguePage = { readonly items: readonly CatalogueProduct[]; readonly nextCursor: string | null };

/** Rejects where the service does not answer, and where the signal aborts. */
export type ListCatalogue = (request: CatalogueRequest, signal: AbortSignal) => Promise<CataloguePage>;

export const catalogue = (list: ListCatalogue): Catalogue => {
  const state = observable<CatalogueState>({ items: [], status: "idle", hasMore: false });
  let shown: { readonly query: CatalogueQuery; readonly currency: Currency } | undefined;
  let cursor: string | undefined;
  let loading = new AbortController();

  const load = async (after: string | undefined): Promise<void> => {
    if (!shown) return;
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    state.set({ ...state.get(), status: "loading" });
    try {
      const { items, nextCursor } = await list({ ...shown.query, currency: shown.currency, cursor: after }, signal);
      if (signal.aborted) return;
      cursor = nextCursor ?? undefined;
      const before = after === undefined ? [] : state.get().items;
      state.set({ items: [...before, ...items], status: "shown", hasMore: nextCursor !== null });
    } catch {
      if (!signal.aborted) state.set({ ...state.get(), status: "away" });
    }
  };

  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    show(query, currency) {
      if (shown && sameQuery(shown.query, query) && shown.currency === currency) return;
      shown = { query, currency };
      void load(undefined);
    },
    more() {
      if (cursor !== undefined && state.get().status !== "loading") void load(cursor);
    },
    refresh: () => void load(undefined),
  };
};

const sameQuery = (left: CatalogueQuery, right: CatalogueQuery): boolean =>
  left.text === right.text && left.category === right.category && left.sort === right.sort;
