import { expect, test, vi } from "vitest";
import { accessToken } from "./access-token.ts";

const tokens = (...given: readonly (string | null)[]) => {
  const left = [...given];
  return vi.fn(async (_rejected: string | null) => left.shift() ?? null);
};

test("a token is asked for once, however many need it", async () => {
  const ask = tokens("first", "second");
  const token = accessToken(ask);
  expect(await Promise.all([token.get(), token.get()])).toEqual(["first", "first"]);
  expect(await token.get()).toBe("first");
  expect(ask.mock.calls).toEqual([[null]]);
});

test("one that was rejected is replaced once, whoever tells of it, and who gives it is told which", async () => {
  const ask = tokens("first", "second");
  const token = accessToken(ask);
  await token.get();
  expect([token.reject("first"), token.reject("first")]).toEqual([true, true]);
  expect(await Promise.all([token.get(), token.get()])).toEqual(["second", "second"]);
  expect(token.reject("first")).toBe(true);
  expect(await token.get()).toBe("second");
  expect(ask.mock.calls).toEqual([[null], ["first"]]);
});

test("where there is none there is no other", async () => {
  expect(accessToken(undefined).reject("first")).toBe(false);
  const token = accessToken(tokens());
  expect(await token.get()).toBe(null);
  expect(token.reject(null)).toBe(false);
});

test("whoever could not give one is asked again", async () => {
  const ask = vi.fn<(rejected: string | null) => Promise<string>>();
  ask.mockRejectedValueOnce(new Error("offline")).mockResolvedValueOnce("first");
  const token = accessToken(ask);
  await expect(token.get()).rejects.toThrow("offline");
  expect(await token.get()).toBe("first");
});

test("after somebody else has signed in it is asked for anew", async () => {
  const token = accessToken(tokens("guest", "user"));
  expect(await token.get()).toBe("guest");
  token.forget();
  expect(await token.get()).toBe("user");
});
