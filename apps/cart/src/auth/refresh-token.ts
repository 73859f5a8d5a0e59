import { base64url } from "jose";

/** 256 random bits, opaque to the client. The server keeps only `hashRefreshToken` of it. */
export const newRefreshToken = (): string => randomText();

export const newSalt = (): string => randomText();

/** A fast hash is enough: there is nothing to guess in 256 random bits. */
export const hashRefreshToken = async (token: string): Promise<string> =>
  base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(token))));

/**
 * The token that follows `token`. It takes both the token and the stored salt to compute it, so that neither a reader of
 * the table nor the holder of an old token alone can, and a repeated exchange can be answered though only hashes are kept.
 */
export const successorOf = async (token: string, salt: string): Promise<string> => {
  const key = await crypto.subtle.importKey("raw", encoder.encode(token), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return base64url.encode(new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array(base64url.decode(salt)))));
};

const encoder = new TextEncoder();
const randomText = () => base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
