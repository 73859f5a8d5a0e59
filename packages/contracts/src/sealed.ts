import * as z from "zod";

/** Of a person's key: 16 random bytes as base64url, which say nothing of the person. */
export const KeyId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, "must be the id of a key")
  .brand<"KeyId", "inout">();
export type KeyId = z.infer<typeof KeyId>;

/**
 * Personal data as it is stored and sent on: sealed with the key of the person it is about (AES-256-GCM), so that it is unreadable for ever
 * once that key is destroyed. `sealed.1.<key id>.<nonce>.<ciphertext>`, each part base64url; the nonce has 12 bytes, and the ciphertext ends
 * in the 16 bytes of its tag. The key id is random and says nothing of the person.
 */
export const Sealed = z
  .string()
  .max(8_192)
  .regex(/^sealed\.1\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{22,}$/, "must be a sealed value")
  .brand<"Sealed", "inout">();
export type Sealed = z.infer<typeof Sealed>;

/** Which key a value was sealed with. */
export const keyIdOf = (sealed: Sealed): KeyId => KeyId.parse(sealed.split(".")[2]);
