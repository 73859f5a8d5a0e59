import type { Passwords } from "../passwords.ts";

/** OWASP's first choice for argon2id (19 MiB, two passes), run on Bun's thread pool. */
export const bunPasswords: Passwords = {
  hash: (password) => Bun.password.hash(password, { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 }),
  verify: (password, hash) => Bun.password.verify(password, hash),
};
