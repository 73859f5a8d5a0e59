import { base64url } from "jose";
import { expect, test } from "vitest";
import { hashRefreshToken, newRefreshToken, newSalt, successorOf } from "./refresh-token.ts";

test("a refresh token has 256 random bits and is kept as a hash that does not tell it", async () => {
  const token = newRefreshToken();
  expect(base64url.decode(token)).toHaveLength(32);
  expect(newRefreshToken()).not.toBe(token);
  expect(await hashRefreshToken(token)).toBe(await hashRefreshToken(token));
  expect(await hashRefreshToken(token)).not.toContain(token);
});

test("a successor follows from the token and the salt, and from neither alone", async () => {
  const [token, salt] = [newRefreshToken(), newSalt()];
  const successor = await successorOf(token, salt);
  expect(base64url.decode(successor)).toHaveLength(32);
  expect(await successorOf(token, salt)).toBe(successor);
  expect(await successorOf(newRefreshToken(), salt)).not.toBe(successor);
  expect(await successorOf(token, newSalt())).not.toBe(successor);
});
