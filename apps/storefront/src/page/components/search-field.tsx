import type { ReactElement } from "react";
import { useQuery } from "../hooks/use-query.ts";
import { useShopPage } from "../shop-page.tsx";
import { Icon } from "./icon.tsx";

export const SearchField = (): ReactElement => {
  const { query } = useShopPage();
  const { text } = useQuery();
  return (
    <search className="search">
      <label>
        <Icon name="search" />
        <span className="visually-hidden">Search the shop</span>
        <input
          type="search"
          placeholder="Search"
          autoComplete="off"
          enterKeyHint="search"
          maxLength={200}
          value={text}
          onChange={(event) => query.set({ text: event.target.value })}
        />
      </label>
    </search>
  );
};
