import { keyIdOf, type Sealed } from "@cartwright/contracts/sealed";
import type { MasterKey } from "../privacy/sealing.ts";
import type { CustomerTable } from "./customer-table.ts";

/**
 * Who buys, by the e-mail that they are reached by: a coupon of one use a customer is used once, however many guests somebody is. The name
 * tells nothing of the e-mail, and what joins the two lies outside the log and goes with the key of whoever gave it first.
 */
export type Customers = {
  /** Null of who has not bought by this e-mail yet. */
  known(email: string): Promise<string | null>;
  /** The same however many ask at once; null where the person is being forgotten. `sealed` is the e-mail as their key has sealed it. */
  of(email: string, sealed: Sealed): Promise<string | null>;
};

export type CustomersDeps = { readonly table: CustomerTable; readonly master: Pick<MasterKey, "hash" | "hashes"> };

export const customers = ({ table, master }: CustomersDeps): Customers => {
  const known = async (email: string) => table.with(await master.hashes(field, compared(email)));
  return {
    known,
    async of(email, sealed) {
      const found = await known(email);
      if (found !== null) return found;
      const hash = await master.hash(field, compared(email));
      return table.keep({ hash, customer: crypto.randomUUID(), keyId: keyIdOf(sealed) });
    },
  };
};

/** Not that by which persons are found: the two tables can't be joined. */
const field = "customer";

/** No mail provider of note tells "Ada@" from "ada@". */
const compared = (email: string) => email.toLowerCase();
