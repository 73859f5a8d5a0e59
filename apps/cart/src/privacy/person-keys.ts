import type { SubjectId } from "@cartwright/contracts/ids";
import type { PersonalField } from "@cartwright/contracts/personal-data";
import type { KeyId } from "@cartwright/contracts/sealed";

/** A person's key as it is kept: wrapped by the master key. */
export type KeptPersonKey = { readonly subject: SubjectId; readonly keyId: KeyId; readonly wrapped: string; readonly createdAt: Date };

/** What stands for a value, so that who has the same is found: the same for equal values, and telling nothing of them. */
export type PersonalHash = { readonly field: PersonalField; readonly hash: string };

/** The keys of persons, outside the log: what is deleted here is unreadable everywhere. */
export type PersonKeys = {
  of(subject: SubjectId): Promise<KeptPersonKey | null>;
  /** The keys that are there, by their ids. */
  byIds(keyIds: readonly KeyId[]): Promise<ReadonlyMap<KeyId, KeptPersonKey>>;
  /** Keeps this key, unless the person has one: however many ask at once, all are answered the same. */
  keep(key: KeptPersonKey): Promise<KeptPersonKey>;
  /** Keeps the hashes as long as the key. Answers false, and keeps nothing, when the key is destroyed. */
  keepHashes(keyId: KeyId, hashes: readonly PersonalHash[]): Promise<boolean>;
  /** Who has a value that one of these hashes stands for, as far as they were not forgotten. */
  subjectsWith(field: PersonalField, hashes: readonly string[]): Promise<readonly SubjectId[]>;
  /** Destroys the keys, and the hashes that came with them. */
  destroy(keyIds: readonly KeyId[]): Promise<void>;
};
