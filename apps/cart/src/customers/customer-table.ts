import type { KeyId } from "@cartwright/contracts/sealed";

export type KeptCustomer = { readonly hash: string; readonly customer: string; readonly keyId: KeyId };

/** What joins a hash to a customer, as long as the key is there that it came with. */
export type CustomerTable = {
  /** Whom one of these hashes stands for. */
  with(hashes: readonly string[]): Promise<string | null>;
  /** Keeps this one, unless the hash stands for another already: however many ask at once, all are answered the same. Null without the key. */
  keep(customer: KeptCustomer): Promise<string | null>;
};
