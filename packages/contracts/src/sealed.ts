import * as z from "zod";

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
