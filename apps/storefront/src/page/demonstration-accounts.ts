import type { Credentials } from "../shop/shop-api.ts";

/** Shoppers that the service knows in development, to be tried with one tap; in production there are none, here neither. */
export const demonstrationAccounts: readonly Credentials[] =
  import.meta.env.DEMONSTRATION === "yes"
    ? [
        { email: "ada@example.com", password: "demonstration" },
        { email: "grace@example.com", password: "demonstration" },
      ]
    : [];
