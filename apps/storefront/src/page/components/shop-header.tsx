import type { ReactElement } from "react";
import { Account } from "./account.tsx";
import { CurrencySelect } from "./currency-select.tsx";
import { Logo } from "./logo.tsx";
import { SearchField } from "./search-field.tsx";

export const ShopHeader = (): ReactElement => (
  <header className="top">
    <Logo />
    <SearchField />
    <CurrencySelect />
    <Account />
  </header>
);
