import { type CatalogueQuery, queryOf, searchOf } from "../shop/catalogue-query.ts";
import { observable } from "../shop/observable.ts";

/** What the shopper looks for, as it stands in the page's address. */
export type PageQuery = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): CatalogueQuery;
  set(change: Partial<CatalogueQuery>): void;
};

export const pageQuery = (): PageQuery => {
  const state = observable(queryOf(location.search));
  addEventListener("popstate", () => state.set(queryOf(location.search)));
  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    set(change) {
      const query = { ...state.get(), ...change };
      const address = searchOf(query) || location.pathname;
      // Each letter that is typed is no place to go back to.
      if (change.category === undefined) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
      state.set(query);
    },
  };
};
