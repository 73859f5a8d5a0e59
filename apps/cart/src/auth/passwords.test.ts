import { expect, test } from "vitest";
import { bunPasswords } from "./node/bun-passwords.ts";
import { boundedPasswords, type Passwords, PasswordsBusy } from "./passwords.ts";

test("a password is kept as an argon2id hash and recognised by it", async () => {
  const hash = await bunPasswords.hash("correct horse");
  expect(hash).toMatch(/^\$argon2id\$/);
  expect(await bunPasswords.verify("correct horse", hash)).toBe(true);
  expect(await bunPasswords.verify("battery staple", hash)).toBe(false);
});

test("hashing leaves the event loop to others", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await Promise.all([bunPasswords.hash("one"), bunPasswords.hash("two"), bunPasswords.hash("three")]);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test("only so many hashes run at once, only so many wait, and the next is told so", async () => {
  const started: (() => void)[] = [];
  const slow: Passwords = { hash: () => new Promise((resolve) => started.push(() => resolve("hash"))), verify: async () => true };
  const bounded = boundedPasswords(slow, { concurrency: 2, waiting: 1 });

  const running = [bounded.hash("1"), bounded.hash("2")];
  const waiting = bounded.hash("3");
  await expect(bounded.hash("4")).rejects.toThrow(PasswordsBusy);
  expect(started).toHaveLength(2);

  started[0]?.();
  await running[0];
  await Promise.resolve();
  expect(started).toHaveLength(3);
  for (const finish of started) finish();
  expect(await Promise.all([...running, waiting])).toEqual(["hash", "hash", "hash"]);
});

test("a hash that fails makes room for the next", async () => {
  const broken: Passwords = { hash: () => Promise.reject(new TypeError("no memory")), verify: async () => true };
  const bounded = boundedPasswords(broken, { concurrency: 1, waiting: 1 });
  const both = await Promise.allSettled([bounded.hash("1"), bounded.hash("2")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await bounded.verify("1", "hash")).toBe(true);
});
