import type { SubjectId } from "@cartwright/contracts/ids";
import type { KeyId } from "@cartwright/contracts/sealed";
import type { KeptPersonKey, PersonalHash, PersonKeys } from "./person-keys.ts";

/** For tests, and where there is no PostgreSQL. */
export const inMemoryPersonKeys = (): PersonKeys => {
  const keys = new Map<KeyId, KeptPersonKey>();
  const hashes = new Map<KeyId, readonly PersonalHash[]>();
  const of = (subject: SubjectId) => keys.values().find((key) => key.subject === subject) ?? null;
  return {
    of: async (subject) => of(subject),
    byIds: async (keyIds) => new Map(keys.entries().filter(([keyId]) => keyIds.includes(keyId))),
    async keep(key) {
      const kept = of(key.subject) ?? key;
      keys.set(kept.keyId, kept);
      return kept;
    },
    async keepHashes(keyId, added) {
      if (!keys.has(keyId)) return false;
      hashes.set(keyId, [...(hashes.get(keyId) ?? []), ...added]);
      return true;
    },
    async subjectsWith(field, wanted) {
      const found = hashes
        .entries()
        .filter(([, kept]) => kept.some((each) => each.field === field && wanted.includes(each.hash)))
        .map(([keyId]) => keys.get(keyId)?.subject);
      return [...found].filter((subject) => subject !== undefined).toSorted();
    },
    async destroy(keyIds) {
      for (const keyId of keyIds) {
        keys.delete(keyId);
        hashes.delete(keyId);
      }
    },
  };
};
