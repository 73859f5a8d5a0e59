import type { AccountStore, Email, NewAccount } from "./account-store.ts";

export type InMemoryAccountStore = AccountStore & {
  emailOf(subject: string): Email | null;
  /** Of who is forgotten; no matter where there is none. */
  remove(subject: string): void;
};

/** For tests, and where there is no PostgreSQL. */
export const inMemoryAccountStore = (): InMemoryAccountStore => {
  const accounts = new Map<string, NewAccount>();
  const byEmail = (email: string) => accounts.values().find((account) => account.email === email);

  return {
    byEmail: async (email) => byEmail(email),
    bySubject: async (subject) => accounts.get(subject),
    emailOf: (subject) => accounts.get(subject)?.email ?? null,
    remove: (subject) => void accounts.delete(subject),
    add: async (account) => {
      if (accounts.has(account.subject) || byEmail(account.email)) return false;
      accounts.set(account.subject, account);
      return true;
    },
  };
};
