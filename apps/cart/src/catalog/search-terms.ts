import type { ProductData } from "@cartwright/contracts/product-data";

/**
 * The words of a text as they are indexed and looked for: without accents and case, split at everything that is neither a
 * letter nor a digit. One function for both sides, so that neither PostgreSQL's parser nor its version has a say.
 */
export const searchTerms = (text: string, limit = Number.POSITIVE_INFINITY): readonly string[] => {
  const terms = new Set(foldText(text).match(/[\p{L}\p{N}]+/gu));
  return [...terms].slice(0, limit);
};

/** What of a product is looked through. */
export const searchedText = ({ name, category, tags, description }: ProductData): string =>
  [name, category ?? "", ...tags, description].join(" ");

/** What names are sorted by: "Écran" stands beside "Ecru". */
export const foldText = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
