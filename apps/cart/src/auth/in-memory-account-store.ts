import type { Account, AccountStore } from "./account-store.ts";

/** For tests, and where there is no PostgreSQL. */
export const inMemoryAccountStore = (): AccountStore => {
  const accounts = new Map<string, Account>();
  const byEmail = (email: string) => accounts.values().find((account) => account.email === email);

  return {
    byEmail: async (email) => byEmail(email),
    bySubject: async (subject) => accounts.get(subject),
    remove: async (subject) => void accounts.delete(subject),
    add: async (account) => {
      if (accounts.has(account.subject) || byEmail(account.email)) return false;
      accounts.set(account.subject, account);
      return true;
    },
  };
};
