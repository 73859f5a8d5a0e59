import type { CartwrightClient } from "@cartwright/client/create-cartwright-client";
import type { CartId } from "@cartwright/contracts/ids";
import { Contact } from "@cartwright/contracts/personal-data";

const contact = Contact.parse({ email: "ada@example.com", locale: "en" });

/** What a shopper pays by who has looked at what it costs, and agreed. */
export const agreed = async <Paying extends { readonly cartId: CartId }>({ cart }: Pick<CartwrightClient, "cart">, paying: Paying) => {
  const { quoteHash } = await cart.quote.mutate({ cartId: paying.cartId });
  return { ...paying, quoteHash, contact };
};
