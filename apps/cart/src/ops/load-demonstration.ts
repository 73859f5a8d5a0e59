import { CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import type { AccountStore } from "../auth/account-store.ts";
import { loadDemonstrationAccounts } from "../auth/demonstration-accounts.ts";
import type { Passwords } from "../auth/passwords.ts";
import type { Caller } from "../carts/caller.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { unwrap } from "../refusals.ts";
import { type CatalogueImport, importCatalogue } from "./import-catalogue.ts";

export type LoadDemonstration = {
  accounts: AccountStore;
  passwords: Pick<Passwords, "hash">;
  catalog: Pick<Catalog, "isEmpty" | "putMany">;
  /** A catalogue file's content. */
  document: unknown;
};

/**
 * What a first look needs: accounts, and a catalogue where there is none yet, put as `ops catalog import` does. Answers
 * null where there is one: it is somebody's by now. Never in production.
 */
export const loadDemonstration = async ({ accounts, passwords, catalog, document }: LoadDemonstration): Promise<CatalogueImport | null> => {
  await loadDemonstrationAccounts(accounts, passwords);
  if (!(await catalog.isEmpty())) return null;
  return importCatalogue(document, async (products) => {
    const commands = products.map(({ productId, ...product }) => ({ productId, product }));
    return (await catalog.putMany(system, commands)).map(unwrap);
  });
};

const system: Caller = {
  subject: SubjectId.parse("service-demonstration"),
  kind: "service",
  scopes: new Set(["catalog:write"]),
  correlationId: CorrelationId.parse("demonstration"),
};
