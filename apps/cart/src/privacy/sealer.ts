import type { SubjectId } from "@cartwright/contracts/ids";
import type { PersonalField } from "@cartwright/contracts/personal-data";
import { type KeyId, keyIdOf, type Sealed } from "@cartwright/contracts/sealed";
import { LRUCache } from "lru-cache";
import type { PersonalDigest, Seal } from "../checkouts/sealing.ts";
import type { KeptPersonKey, PersonalHash, PersonKeys } from "./person-keys.ts";
import { digest, type MasterKey, NotSealedSo, open, type PersonKey, seal } from "./sealing.ts";

export type SealedField = { readonly field: PersonalField; readonly sealed: Sealed };

export type Sealer = {
  /** With the person's key, which is made when there is none. What is sealed can be read, unless the person is forgotten after that. */
  readonly seal: Seal;
  /** The same for the same text as long as the person is not forgotten; then nobody can try which text it was. It makes no key. */
  readonly digest: PersonalDigest;
  /** In the order that was asked; null for what nobody can read any more, since its person was forgotten or somebody changed it. */
  open(values: readonly SealedField[]): Promise<readonly (string | null)[]>;
  /** Who has this value, as far as they were not forgotten. */
  find(field: PersonalField, text: string): Promise<readonly SubjectId[]>;
  /** From now on this process has no key of that person in memory. */
  drop(subject: SubjectId): void;
};

export type SealerDeps = {
  readonly keys: PersonKeys;
  readonly master: MasterKey;
  readonly now: () => Date;
  /** Keys kept in memory. */
  readonly remembered?: number;
  /** Told of values that somebody has changed or moved. */
  readonly onBroken?: (error: NotSealedSo) => void;
};

/** Seals and opens what is known of persons, each with a key of their own. */
export const sealer = (deps: SealerDeps): Sealer => {
  const { keys, master } = deps;
  const keyRing = keysInUse(deps);
  return {
    async seal(subject, fields) {
      const entries = Object.entries(fields) as [PersonalField, string][];
      if (entries.length === 0) return {} as never;
      const key = await keyRing.livingKey(subject, await hashesOf(master, entries));
      const sealed = entries.map(async ([field, text]) => [field, await seal(key, field, text)] as const);
      // The same names as were given.
      return Object.fromEntries(await Promise.all(sealed)) as never;
    },
    async digest(subject, text) {
      const key = await keyRing.knownKey(subject);
      return key && digest(key, text);
    },
    open: openWith(deps),
    find: async (field, text) => keys.subjectsWith(field, await master.hashes(field, compared(field, text))),
    drop: keyRing.drop,
  };
};

const keysInUse = ({ keys, master, now, remembered = 10_000 }: SealerDeps) => {
  const bySubject = new LRUCache<SubjectId, PersonKey>({ max: remembered });
  const keptKey = async (subject: SubjectId): Promise<PersonKey | null> => {
    const known = bySubject.get(subject);
    if (known) return known;
    const kept = await keys.of(subject);
    return kept && remember(subject, kept);
  };
  const newKey = async (subject: SubjectId): Promise<PersonKey> =>
    remember(subject, await keys.keep({ ...(await master.newPersonKey()), subject, createdAt: now() }));
  const remember = async (subject: SubjectId, kept: KeptPersonKey): Promise<PersonKey> => {
    const key = await master.unwrap(kept);
    bySubject.set(subject, key);
    return key;
  };
  /** The key that `find` says, once it is one that is not destroyed. */
  const living = async <Found extends PersonKey | null>(
    { subject, hashes }: { readonly subject: SubjectId; readonly hashes: readonly PersonalHash[] },
    find: (subject: SubjectId) => Promise<Found>,
  ): Promise<Found> => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const key = await find(subject);
      // Another process may have destroyed the key that this one remembers: what is sealed with it nobody could read.
      if (key === null || (await keys.keepHashes(key.keyId, hashes))) return key;
      bySubject.delete(subject);
    }
    throw new KeyDestroyed(`the key of ${subject} was destroyed again and again`);
  };
  return {
    drop: (subject: SubjectId) => void bySubject.delete(subject),
    /** The person's key, and a new one where there is none; the hashes are kept with it. */
    livingKey: (subject: SubjectId, hashes: readonly PersonalHash[]) =>
      living({ subject, hashes }, async () => (await keptKey(subject)) ?? newKey(subject)),
    /** Null where the person has none. */
    knownKey: (subject: SubjectId) => living({ subject, hashes: [] }, keptKey),
  };
};

const attempts = 5;

/** A person is being forgotten at this moment. */
export class KeyDestroyed extends Error {
  override readonly name = "KeyDestroyed";
  readonly retryable = true;
}

const openWith =
  ({ keys, master, onBroken = () => {} }: SealerDeps): Sealer["open"] =>
  async (values) => {
    const keyIds = [...new Set(values.map(({ sealed }) => keyIdOf(sealed)))];
    const kept = await keys.byIds(keyIds);
    const ring = new Map<KeyId, PersonKey>(
      await Promise.all([...kept].map(async ([keyId, key]) => [keyId, await master.unwrap(key)] as const)),
    );
    const opened = async ({ field, sealed }: SealedField) => {
      const key = ring.get(keyIdOf(sealed));
      try {
        return key ? await open(key, field, sealed) : null;
      } catch (error) {
        if (!(error instanceof NotSealedSo)) throw error;
        // Its neighbours are read all the same.
        onBroken(error);
        return null;
      }
    };
    return Promise.all(values.map(opened));
  };

/** Of the fields by which persons are found or told apart; nobody asks who lives at the same address. */
const hashesOf = (master: MasterKey, entries: readonly (readonly [PersonalField, string])[]) =>
  Promise.all(
    entries
      .filter(([field]) => field !== "address")
      .map(async ([field, text]) => ({ field, hash: await master.hash(field, compared(field, text)) })),
  );

/** No mail provider of note tells "Ada@" from "ada@". */
const compared = (field: PersonalField, text: string) => (field === "email" ? text.toLowerCase() : text);
