import type { ReactElement } from "react";
import { type CatalogueSort, catalogueSorts } from "../../shop/catalogue-query.ts";
import { useCategories } from "../hooks/use-categories.ts";
import { useQuery } from "../hooks/use-query.ts";
import { useShopPage } from "../shop-page.tsx";

/** Which products, and in which order. */
export const CatalogueFilters = ({ reachable }: { reachable: boolean }): ReactElement => {
  const { query } = useShopPage();
  const { category, sort } = useQuery();
  const categories = useCategories(reachable);
  return (
    <div className="filters">
      <fieldset className="chips">
        <legend className="visually-hidden">Category</legend>
        {[null, ...categories].map((each) => (
          <button type="button" key={each} aria-pressed={each === category} onClick={() => query.set({ category: each })}>
            {each ?? "Everything"}
          </button>
        ))}
      </fieldset>
      <label className="select">
        <span className="sort-label">Order</span>
        {/* Its options are the sorts. */}
        <select value={sort} onChange={(event) => query.set({ sort: event.target.value as CatalogueSort })}>
          {Object.entries(catalogueSorts).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
};
