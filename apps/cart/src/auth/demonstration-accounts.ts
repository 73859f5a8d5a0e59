import { type AccountStore, Email } from "./account-store.ts";
import type { Passwords } from "./passwords.ts";

/** Everybody knows it: these accounts are for development alone. */
export const demonstrationPassword = "demonstration";

/** Two shoppers, one who helps them, and one who keeps the shop. */
export const demonstrationAccounts = [
  { subject: "user-123", email: Email.parse("ada@example.com"), scopes: [] },
  { subject: "user-124", email: Email.parse("grace@example.com"), scopes: [] },
  { subject: "user-200", email: Email.parse("support@example.com"), scopes: ["cart:support", "privacy:manage"] },
  { subject: "user-300", email: Email.parse("merchant@example.com"), scopes: ["catalog:write", "shop:write", "stock:write"] },
] as const;

/** Adds those that are not there yet. Never in production. */
export const loadDemonstrationAccounts = async (accounts: AccountStore, passwords: Pick<Passwords, "hash">): Promise<void> => {
  for (const account of demonstrationAccounts) {
    if (await accounts.byEmail(account.email)) continue;
    await accounts.add({ ...account, passwordHash: await passwords.hash(demonstrationPassword), disabledAt: null });
  }
};
