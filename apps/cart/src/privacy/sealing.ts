import { KeyId, Sealed } from "@cartwright/contracts/sealed";

/** A person's key, under its id. Both are random; the id is written beside what the key has sealed, the key nowhere in the clear. */
export type PersonKey = {
  readonly keyId: KeyId;
  readonly key: CryptoKey;
  /** Derived from the same secret, for {@link digest}. */
  readonly digesting: CryptoKey;
};

/** Seals a text so that it opens with the same key and under the same field's name only. */
export const seal = async ({ keyId, key }: PersonKey, field: string, text: string): Promise<Sealed> => {
  const { nonce, ciphertext } = await encrypt(key, boundTo(keyId, field), encoder.encode(text));
  return Sealed.parse(`sealed.1.${keyId}.${nonce}.${ciphertext}`);
};

/** @throws {NotSealedSo} where the value was changed, or was sealed with another key or under another name. */
export const open = async ({ keyId, key }: PersonKey, field: string, sealed: Sealed): Promise<string> => {
  const [, , , nonce = "", ciphertext = ""] = sealed.split(".");
  try {
    return decoder.decode(await decrypt(key, boundTo(keyId, field), { nonce, ciphertext }));
  } catch (cause) {
    throw new NotSealedSo(`what is said to be the ${field} sealed with ${keyId} does not open`, { cause });
  }
};

/** The same for the same text, so that a retry is known by it; once the key is destroyed nobody can try which text it was. base64url. */
export const digest = ({ digesting }: PersonKey, text: string): Promise<string> => hashWith(digesting, "digest", text);

/** Not a person that was forgotten: somebody has changed or moved what was sealed. */
export class NotSealedSo extends Error {
  override readonly name = "NotSealedSo";
  readonly retryable = false;
}

/** The configuration lacks the master key that a person's key was wrapped by. */
export class MasterKeyMissing extends Error {
  override readonly name = "MasterKeyMissing";
  readonly retryable = false;
}

/** What person keys are wrapped by before they are kept, and what makes hashes that stand for equal values. */
export type MasterKey = {
  /** A new random key, and how it is kept. */
  newPersonKey(): Promise<PersonKey & { readonly wrapped: string }>;
  /** @throws {MasterKeyMissing} @throws {NotSealedSo} where what is kept was changed. */
  unwrap(kept: { readonly keyId: KeyId; readonly wrapped: string }): Promise<PersonKey>;
  /** The same for equal values, and telling nothing of them to who has not the master key. base64url. */
  hash(field: string, text: string): Promise<string>;
  /** The same, and what it was under older master keys. */
  hashes(field: string, text: string): Promise<readonly string[]>;
};

/**
 * Derived (HKDF-SHA-256) from a secret of the configuration, which is to be as random as a key.
 * @param older secrets that were used before: what they wrapped is still read, and nothing more is wrapped by them.
 */
export const masterKey = async (secret: string, older: readonly string[] = []): Promise<MasterKey> => {
  const [current, ...before] = await Promise.all([derivedOf(secret), ...older.map(derivedOf)]);
  const all = [current, ...before];

  return {
    async newPersonKey() {
      const raw = crypto.getRandomValues(new Uint8Array(32));
      const keyId = KeyId.parse(base64url(crypto.getRandomValues(new Uint8Array(16))));
      const { nonce, ciphertext } = await encrypt(current.wrapping, boundTo(keyId, "key"), raw);
      return { keyId, ...(await keysOf(raw)), wrapped: `wrapped.1.${current.id}.${nonce}.${ciphertext}` };
    },
    async unwrap({ keyId, wrapped }) {
      const [, , masterId, nonce = "", ciphertext = ""] = wrapped.split(".");
      const master = all.find(({ id }) => id === masterId);
      if (!master) throw new MasterKeyMissing(`the key ${keyId} was wrapped by the master key ${masterId}, which is not configured`);
      try {
        return { keyId, ...(await keysOf(await decrypt(master.wrapping, boundTo(keyId, "key"), { nonce, ciphertext }))) };
      } catch (cause) {
        throw new NotSealedSo(`what is kept of the key ${keyId} was changed`, { cause });
      }
    },
    hash: (field, text) => hashWith(current.hashing, field, text),
    hashes: (field, text) => Promise.all(all.map(({ hashing }) => hashWith(hashing, field, text))),
  };
};

const derivedOf = async (secret: string) => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey", "deriveBits"]);
  const derive = (purpose: string, derived: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) =>
    crypto.subtle.deriveKey(params(purpose), material, derived, false, usages);
  const [id, wrapping, hashing] = await Promise.all([
    crypto.subtle.deriveBits(params("master key id"), material, 64),
    derive("person keys", AES, ["encrypt", "decrypt"]),
    derive("equality", HMAC, ["sign"]),
  ]);
  return { id: base64url(new Uint8Array(id)), wrapping, hashing };
};

const params = (purpose: string) => ({
  name: "HKDF",
  hash: "SHA-256",
  salt: new Uint8Array(32),
  info: encoder.encode(`cartwright ${purpose}`),
});

const hashWith = async (key: CryptoKey, field: string, text: string) =>
  base64url(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(`${field}\n${text}`))));

const AES = { name: "AES-GCM", length: 256 } as const;
const HMAC = { name: "HMAC", hash: "SHA-256", length: 256 } as const;
const NONCE_BYTES = 12;

type Encrypted = { readonly nonce: string; readonly ciphertext: string };
type Bytes = Uint8Array<ArrayBuffer>;

const encrypt = async (key: CryptoKey, additionalData: Bytes, plain: Bytes): Promise<Encrypted> => {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
  return { nonce: base64url(iv), ciphertext: base64url(new Uint8Array(ciphertext)) };
};

const decrypt = async (key: CryptoKey, additionalData: Bytes, { nonce, ciphertext }: Encrypted): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(nonce), additionalData }, key, bytesOf(ciphertext)));

/** What a ciphertext is bound to besides its key: it can be moved neither to another person nor to another field. */
const boundTo = (keyId: string, field: string) => encoder.encode(`${keyId} ${field}`);

/** One secret is used for one thing: what makes digests is derived from it. */
const keysOf = async (raw: Bytes): Promise<Omit<PersonKey, "keyId">> => {
  const material = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const [key, digesting] = await Promise.all([
    crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveKey(params("digests"), material, HMAC, false, ["sign"]),
  ]);
  return { key, digesting };
};

const base64url = (bytes: Uint8Array) => bytes.toBase64({ alphabet: "base64url", omitPadding: true });
const bytesOf = (text: string) => Uint8Array.fromBase64(text, { alphabet: "base64url" });

const encoder = new TextEncoder();
const decoder = new TextDecoder();
