import { SubjectId } from "@cartwright/contracts/ids";
import { describe, expect, test } from "vitest";
import type { KeptPersonKey, PersonKeys } from "./person-keys.ts";
import { masterKey } from "./sealing.ts";

/** What every store of persons' keys promises. `open` makes an empty one. */
export const personKeysConformance = (name: string, open: () => Promise<AsyncDisposable & { keys: PersonKeys }>) => {
  describe(`a store of persons' keys: ${name}`, () => {
    test("keeps one key a person, however many ask at once", async () => {
      await using opened = await open();
      const fresh = await Promise.all(Array.from({ length: 8 }, () => newKey(ada)));
      const kept = await Promise.all(fresh.map((key) => opened.keys.keep(key)));
      expect(new Set(kept.map(({ keyId }) => keyId)).size).toBe(1);
      const [winner] = kept;
      if (!winner) throw new Error("no key was kept");
      expect(fresh).toContainEqual(winner);
      expect(await opened.keys.of(ada)).toEqual(winner);
      expect(await opened.keys.of(grace)).toBeNull();
    });

    test("finds keys by their ids, and says nothing of those that are not there", async () => {
      await using opened = await open();
      const [one, other, absent] = [await newKey(ada), await newKey(grace), await newKey(ada)];
      for (const key of [one, other]) await opened.keys.keep(key);
      const found = await opened.keys.byIds([other.keyId, absent.keyId, one.keyId]);
      expect([...found.keys()].toSorted()).toEqual([one.keyId, other.keyId].toSorted());
      expect(found.get(one.keyId)).toEqual(one);
    });

    test("finds who has a value by its hash, and each of them once", async () => {
      await using opened = await open();
      const [one, other] = [await opened.keys.keep(await newKey(ada)), await opened.keys.keep(await newKey(grace))];
      for (const { keyId } of [other, one, one]) {
        expect(await opened.keys.keepHashes(keyId, [{ field: "email", hash: "h" }, ...(keyId === one.keyId ? phone : [])])).toBe(true);
      }
      expect(await opened.keys.subjectsWith("email", ["g", "h"])).toEqual([ada, grace]);
      expect(await opened.keys.subjectsWith("phone", ["h", "p"])).toEqual([ada]);
      expect(await opened.keys.subjectsWith("phone", ["h"])).toEqual([]);
    });

    test("destroys a key with its hashes, keeps nothing for it after that, and lets the person have another", async () => {
      await using opened = await open();
      const [first, other] = [await opened.keys.keep(await newKey(ada)), await opened.keys.keep(await newKey(grace))];
      await opened.keys.keepHashes(first.keyId, phone);
      await opened.keys.keepHashes(other.keyId, phone);
      await opened.keys.destroy([first.keyId]);
      expect(await opened.keys.of(ada)).toBeNull();
      expect(await opened.keys.byIds([first.keyId])).toEqual(new Map());
      expect(await opened.keys.keepHashes(first.keyId, phone)).toBe(false);
      expect(await opened.keys.keepHashes(first.keyId, [])).toBe(false);
      expect(await opened.keys.subjectsWith("phone", ["p"])).toEqual([grace]);
      const second = await opened.keys.keep(await newKey(ada));
      await opened.keys.destroy([first.keyId]);
      expect(await opened.keys.of(ada)).toEqual(second);
      expect(await opened.keys.keepHashes(second.keyId, [])).toBe(true);
    });
  });
};

const [ada, grace] = [SubjectId.parse("user-ada"), SubjectId.parse("user-grace")];
const phone = [{ field: "phone", hash: "p" }] as const;
const master = await masterKey("a master key for tests");

const newKey = async (subject: SubjectId): Promise<KeptPersonKey> => {
  const { keyId, wrapped } = await master.newPersonKey();
  return { keyId, wrapped, subject, createdAt: new Date("2026-01-31T09:30:00Z") };
};
