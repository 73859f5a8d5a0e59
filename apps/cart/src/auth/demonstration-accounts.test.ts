import { expect, test } from "vitest";
import { Email } from "./account-store.ts";
import { demonstrationAccounts, loadDemonstrationAccounts } from "./demonstration-accounts.ts";
import { inMemoryAccountStore } from "./in-memory-account-store.ts";

test("the demonstration accounts are there after a start, and a second start costs no password hash", async () => {
  const accounts = inMemoryAccountStore();
  let hashed = 0;
  const passwords = { hash: async (password: string) => `hash ${++hashed} of ${password}` };
  await loadDemonstrationAccounts(accounts, passwords);
  await loadDemonstrationAccounts(accounts, passwords);
  expect(hashed).toBe(demonstrationAccounts.length);
  expect(await accounts.byEmail(Email.parse("ada@example.com"))).toMatchObject({ subject: "user-123", scopes: [] });
  expect(await accounts.byEmail(Email.parse("support@example.com"))).toMatchObject({ scopes: ["cart:support", "privacy:manage"] });
});
