import * as z from "zod";

/** Compared and stored in lower case: no mail provider of note tells "Ada@" from "ada@", and shoppers don't. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export type Email = z.infer<typeof Email>;

export type Account = {
  /** `user-<uuid>` */
  subject: string;
  email: Email;
  passwordHash: string;
  /** Beyond what every shopper may do, e.g. `cart:support`. */
  scopes: readonly string[];
  disabledAt: Date | null;
};

export type AccountStore = {
  byEmail(email: Email): Promise<Account | undefined>;
  bySubject(subject: string): Promise<Account | undefined>;
  /** Answers false, and changes nothing, when the e-mail or the subject has an account. */
  add(account: Account): Promise<boolean>;
  /** Of who is forgotten; no matter where there is none. */
  remove(subject: string): Promise<void>;
};
