import type { SubjectId } from "@cartwright/contracts/ids";
import type { PersonKeys } from "./person-keys.ts";
import type { Trail } from "./trail.ts";

/** What is kept of persons outside the log. */
export type Persons = { readonly keys: PersonKeys; readonly accounts: PersonAccounts; readonly looks: PersonLooks };

/** What persons sign in by. */
export type PersonAccounts = {
  of(subject: SubjectId): Promise<{ /** Sealed where it is stored. */ readonly email: string } | null>;
  /** Deletes the account, and ends its sessions. */
  erase(subject: SubjectId): Promise<void>;
};

/** Somebody looked at what is known of a person who is not themself, and said why. */
export type PersonLook = { readonly actor: SubjectId; readonly reason: string; readonly question: string; readonly at: Date };

export type PersonLooks = {
  record(look: PersonLook & { readonly subject: SubjectId | null }): Promise<void>;
  /** At the person under any of their names, or at one of these carts; the first one first. */
  of(trail: Trail): Promise<readonly PersonLook[]>;
};
