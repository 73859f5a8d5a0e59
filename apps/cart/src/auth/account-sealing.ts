import { SubjectId } from "@cartwright/contracts/ids";
import type { Sealed } from "@cartwright/contracts/sealed";
import type { Sealer } from "../privacy/sealer.ts";
import type { MasterKey } from "../privacy/sealing.ts";
import type { Email } from "./account-store.ts";

/** How an account keeps the e-mail that its owner signs in by. */
export type AccountSealing = {
  /** With the owner's key, so that it is unreadable once they are forgotten. */
  seal(subject: string, email: Email): Promise<Sealed>;
  /** What the account is found by: the same for the same e-mail, and telling nothing of it to who has not the master key. */
  hash(email: Email): Promise<string>;
  /** The same, and what it was under older master keys. */
  hashes(email: Email): Promise<readonly string[]>;
};

export const accountSealing = (sealer: Pick<Sealer, "seal">, master: Pick<MasterKey, "hash" | "hashes">): AccountSealing => ({
  seal: async (subject, email) => (await sealer.seal(SubjectId.parse(subject), { email })).email,
  hash: (email) => master.hash(field, email),
  hashes: (email) => master.hashes(field, email),
});

/** Not that of contacts: anybody may give somebody's address as theirs, and nobody signs in by that. */
const field = "account";
