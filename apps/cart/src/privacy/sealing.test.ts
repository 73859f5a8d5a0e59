import { Sealed } from "@cartwright/contracts/sealed";
import { describe, expect, test } from "vitest";
import { MasterKeyMissing, masterKey, NotSealedSo, open, seal } from "./sealing.ts";

const master = await masterKey("a master key for tests");
const [ada, grace] = [await master.newPersonKey(), await master.newPersonKey()];
const text = "ada@example.com Đường Lê Lợi 🏠";

describe("a sealed value", () => {
  test("opens with the same key and under the same name, whatever script it is in", async () => {
    expect(await open(ada, "email", await seal(ada, "email", text))).toBe(text);
  });

  test("is another text each time, and shows nothing of what it holds", async () => {
    const [one, other] = [await seal(ada, "email", text), await seal(ada, "email", text)];
    expect(one).not.toBe(other);
    expect(one.startsWith(`sealed.1.${ada.keyId}.`)).toBe(true);
    expect(one).not.toContain("ada@");
  });

  test("does not open with another person's key, under another name, or under another key's id", async () => {
    const sealed = await seal(ada, "email", text);
    await expect(open(grace, "email", sealed)).rejects.toThrow(NotSealedSo);
    await expect(open(ada, "phone", sealed)).rejects.toThrow(NotSealedSo);
    await expect(open({ ...ada, keyId: grace.keyId }, "email", sealed)).rejects.toThrow(NotSealedSo);
  });

  test.each([3, 4])("does not open with one bit of part %d changed", async (part) => {
    const parts = (await seal(ada, "email", text)).split(".");
    const bytes = Uint8Array.fromBase64(parts[part] ?? "", { alphabet: "base64url" });
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    parts[part] = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
    await expect(open(ada, "email", Sealed.parse(parts.join(".")))).rejects.toThrow(NotSealedSo);
  });
});

describe("a person's key", () => {
  test("is kept so that only the master key gives it back", async () => {
    const sealed = await seal(ada, "email", text);
    expect(await open(await master.unwrap(ada), "email", sealed)).toBe(text);
    await expect((await masterKey("another")).unwrap(ada)).rejects.toThrow(MasterKeyMissing);
    await expect(master.unwrap({ keyId: grace.keyId, wrapped: ada.wrapped })).rejects.toThrow(NotSealedSo);
  });

  test("that an older master key keeps is read as long as that one is configured", async () => {
    const next = await masterKey("the next master key", ["a master key for tests"]);
    expect((await next.unwrap(ada)).keyId).toBe(ada.keyId);
    const fresh = await next.newPersonKey();
    expect((await (await masterKey("the next master key")).unwrap(fresh)).keyId).toBe(fresh.keyId);
    await expect(master.unwrap(fresh)).rejects.toThrow(MasterKeyMissing);
  });
});

test("a hash is the same for the same value of the same field only, and another under another master key", async () => {
  const hash = await master.hash("email", text);
  expect(await master.hash("email", text)).toBe(hash);
  expect(await master.hash("phone", text)).not.toBe(hash);
  expect(await master.hash("email", "grace@example.com")).not.toBe(hash);
  const next = await masterKey("the next master key", ["a master key for tests"]);
  expect(await next.hash("email", text)).not.toBe(hash);
  expect(await next.hashes("email", text)).toContain(hash);
});
