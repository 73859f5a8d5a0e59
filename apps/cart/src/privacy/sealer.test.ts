import { SubjectId } from "@cartwright/contracts/ids";
import { Sealed } from "@cartwright/contracts/sealed";
import { expect, test } from "vitest";
import { inMemoryPersonKeys } from "./in-memory-person-keys.ts";
import type { PersonKeys } from "./person-keys.ts";
import { sealer } from "./sealer.ts";
import { masterKey, type NotSealedSo } from "./sealing.ts";

const [ada, grace] = [SubjectId.parse("user-ada"), SubjectId.parse("guest-grace")];
const master = await masterKey("a master key for tests");
const contact = { email: "Ada@example.com", phone: "+84901234567" };

/** Two processes on one store, and how often it is asked. */
const start = () => {
  const store = inMemoryPersonKeys();
  const asked: string[] = [];
  const keys = new Proxy(store, {
    get: (target, name: keyof PersonKeys) => {
      asked.push(name);
      return target[name];
    },
  });
  const broken: NotSealedSo[] = [];
  const process = () => sealer({ keys, master, now: () => new Date(), onBroken: (error) => broken.push(error) });
  return { one: process(), other: process(), store, asked, broken };
};

const destroyKeyOf = async (store: PersonKeys, subject: SubjectId) => {
  const key = await store.of(subject);
  if (key) await store.destroy([key.keyId]);
};

test("what one process has sealed another one opens, in the order that it asks", async () => {
  const { one, other } = start();
  const [adas, graces] = [await one.seal(ada, contact), await other.seal(grace, { deviceId: "device-1" })];
  const values = [
    { field: "deviceId", sealed: graces.deviceId },
    { field: "phone", sealed: adas.phone },
    { field: "email", sealed: adas.email },
  ] as const;
  expect(await other.open(values)).toEqual(["device-1", contact.phone, contact.email]);
});

test("two processes that seal for a new person at once do it with one key", async () => {
  const { one, other } = start();
  const sealed = await Promise.all([one, other, one, other].map(({ seal }) => seal(ada, contact)));
  expect(new Set(sealed.map(({ email }) => email.split(".")[2])).size).toBe(1);
});

test("many values are opened in one question, and a known person's are sealed in one", async () => {
  const { one, asked } = start();
  const sealed = await Promise.all(Array.from({ length: 20 }, (_, index) => one.seal(SubjectId.parse(`user-${index}`), contact)));
  asked.length = 0;
  expect(await one.open(sealed.map(({ email }) => ({ field: "email", sealed: email }) as const))).toHaveLength(20);
  await one.seal(SubjectId.parse("user-7"), contact);
  expect(asked).toEqual(["byIds", "keepHashes"]);
});

test("what was sealed for somebody who is forgotten can't be read, and their neighbours' can", async () => {
  const { one, other, store } = start();
  const [adas, graces] = [await one.seal(ada, contact), await one.seal(grace, contact)];
  await destroyKeyOf(store, ada);
  const values = [adas, graces].map(({ email }) => ({ field: "email", sealed: email }) as const);
  for (const { open } of [one, other]) expect(await open(values)).toEqual([null, contact.email]);
});

test("who comes back has another key, also in a process that remembers the destroyed one", async () => {
  const { one, store } = start();
  const before = await one.seal(ada, contact);
  await destroyKeyOf(store, ada);
  const after = await one.seal(ada, contact);
  expect(after.email.split(".")[2]).not.toBe(before.email.split(".")[2]);
  expect(
    await one.open([
      { field: "email", sealed: before.email },
      { field: "email", sealed: after.email },
    ]),
  ).toEqual([null, contact.email]);
});

test("a value that somebody moved to another field is unreadable, is told of, and hides no other", async () => {
  const { one, broken } = start();
  const { email, phone } = await one.seal(ada, contact);
  const forged = Sealed.parse(`${email.slice(0, -4)}AAAA`);
  expect(
    await one.open([
      { field: "phone", sealed: email },
      { field: "email", sealed: forged },
      { field: "phone", sealed: phone },
    ]),
  ).toEqual([null, null, contact.phone]);
  expect(broken).toHaveLength(2);
});

test("persons are found by what they gave, however the address is typed, until they are forgotten", async () => {
  const { one, other, store } = start();
  await one.seal(ada, contact);
  await one.seal(grace, { phone: contact.phone });
  expect(await other.find("email", "ada@EXAMPLE.com")).toEqual([ada]);
  expect(await other.find("phone", contact.phone)).toEqual([grace, ada]);
  await destroyKeyOf(store, ada);
  expect(await other.find("email", contact.email)).toEqual([]);
  expect(await other.find("phone", contact.phone)).toEqual([grace]);
});

test("nothing to seal makes no key", async () => {
  const { one, asked } = start();
  expect(await one.seal(ada, {})).toEqual({});
  expect(asked).toEqual([]);
});

test("what stands for a text makes no key: of who has none, or is forgotten, it is nothing, in each process", async () => {
  const { one, other, store } = start();
  expect(await one.digest(ada, "text")).toBeNull();
  expect(await store.of(ada)).toBeNull();
  await one.seal(ada, contact);
  const digest = await one.digest(ada, "text");
  expect(digest).toHaveLength(43);
  expect(await other.digest(ada, "text")).toBe(digest);
  await destroyKeyOf(store, ada);
  for (const process of [one, other]) expect(await process.digest(ada, "text")).toBeNull();
  expect(await store.of(ada)).toBeNull();
  await one.seal(ada, contact);
  expect(await other.digest(ada, "text")).not.toBe(digest);
});
