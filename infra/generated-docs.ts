import { configurationDocs, configurations } from "./configuration-docs.ts";
import { replaceGeneratedPart } from "./generated-part.ts";

/** What is generated in the README, by the names of its markers. */
const parts: Record<string, () => string> = {
  configuration: () => configurationDocs(configurations),
};

/** The README as it ought to be. @throws when a part's markers are missing. */
export const withGeneratedDocs = (readme: string): string =>
  Object.entries(parts).reduce((document, [name, content]) => replaceGeneratedPart(document, name, content()), readme);
