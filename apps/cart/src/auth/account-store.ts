import * as z from "zod";

/** Compared in lower case: no mail provider of note tells "Ada@" from "ada@", and shoppers don't. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export type Email = z.infer<typeof Email>;

export type Account = {
  /** `user-<uuid>` */
  subject: string;
  passwordHash: string;
  /** Beyond what every shopper may do, e.g. `cart:support`. */
  scopes: readonly string[];
  disabledAt: Date | null;
};

export type NewAccount = Account & { email: Email };

export type AccountStore = {
  byEmail(email: Email): Promise<Account | undefined>;
  bySubject(subject: string): Promise<Account | undefined>;
  /** Answers false, and changes nothing, when the e-mail or the subject has an account. */
  add(account: NewAccount): Promise<boolean>;
};
