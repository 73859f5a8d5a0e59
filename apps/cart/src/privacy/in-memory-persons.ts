import type { SubjectId } from "@cartwright/contracts/ids";
import type { InMemoryAccountStore } from "../auth/in-memory-account-store.ts";
import type { SupportRead } from "../carts/support-reads.ts";
import { inMemoryPersonKeys } from "./in-memory-person-keys.ts";
import type { PersonLook, Persons } from "./persons.ts";

/** For tests, and where there is no PostgreSQL. A session without its account is refreshed no more. */
export const inMemoryPersons = (accounts: InMemoryAccountStore, supportReads: readonly SupportRead[]): Persons => {
  const looks: (PersonLook & { readonly subject: SubjectId | null })[] = [];
  return {
    keys: inMemoryPersonKeys(),
    accounts: {
      async of(subject) {
        const email = accounts.emailOf(subject);
        return email === null ? null : { email };
      },
      erase: async (subject) => accounts.remove(subject),
    },
    looks: {
      record: async (look) => void looks.push(look),
      async of({ subjects, cartIds }) {
        const found = [
          ...looks.filter(({ subject }) => subject !== null && subjects.includes(subject)),
          ...supportReads.filter(({ cartId }) => cartIds.includes(cartId)),
        ];
        return found
          .map(({ actor, reason, question, at }) => ({ actor, reason, question, at }))
          .toSorted((a, b) => Number(a.at) - Number(b.at));
      },
    },
  };
};
