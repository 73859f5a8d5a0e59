import type { Money } from "@cartwright/contracts/money";
import type { ReactElement } from "react";
import { useWords } from "../hooks/use-words.ts";

export const Price = ({ money }: { money: Money }): ReactElement => <span className="price">{useWords().money(money)}</span>;
