import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { until } from "@cartwright/testkit/until";
import { canary } from "./canary.ts";

/** Of a demonstration account: whoever signs in by it. */
export const account = { subject: "user-123", email: "ada@example.com" };
export const credentials = { email: account.email, password: "demonstration" };

export type KnownPersonOptions = {
  readonly url: string;
  /** Where the shop ships what it sells. */
  readonly shippingMethod?: string;
};

/**
 * Somebody who says all that a shop asks for: as a guest, in ways that are refused, and signed in, with the guest's cart, up to an order
 * that is paid.
 */
export const knownPerson = async ({ url, shippingMethod }: KnownPersonOptions) => {
  const person = canary();
  const fetchFrom = (address: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set("x-forwarded-for", person.clientAddress);
    return fetch(address, { ...init, headers });
  };
  using held = new DisposableStack();
  const clientOf = (token?: string) => {
    const client = createCartwrightClient({ url, fetch: fetchFrom, ...(token !== undefined && { token }) });
    held.defer(client.close);
    return client;
  };
  const response = await fetchFrom(`${url}/api/auth/guest`, { method: "POST" });
  const { token: guestToken, subject: guestSubject }: { token: string; subject: string } = await response.json();
  const [guest, guestCartId] = [clientOf(guestToken), newCartId()];
  const product = { productId: productIdOf("prod-456"), quantity: 1 };
  await guest.cart.addItem.mutate({ cartId: guestCartId, ...product });
  await guest.cart.setContact.mutate({ cartId: guestCartId, ...person.asGuest });

  const paymentToken = PaymentToken.parse("pm_card_visa");
  const { quoteHash: stale } = await guest.cart.quote.mutate({ cartId: guestCartId });
  await guest.cart.addItem.mutate({ cartId: guestCartId, ...product });
  const paying = { cartId: guestCartId, quoteHash: stale, paymentToken };
  await Promise.all([
    refusalOf(guest.checkout.start.mutate({ ...paying, contact: person.refused })),
    refusalOf(guest.cart.setContact.mutate({ cartId: newCartId(), ...person.refused })),
    refusalOf(guest.cart.setContact.mutate({ cartId: guestCartId, ...person.refused, email: person.invalidEmail })),
    refusalOf(clientOf().auth.signIn.mutate({ email: person.refused.email, password: "wrong" })),
    refusalOf(clientOf().auth.signIn.mutate({ email: person.invalidEmail, password: "wrong" })),
    notJson(fetchFrom, { url, token: guestToken, text: `{ "email": "${person.refused.email}` }),
  ]);

  const { token } = await clientOf().auth.signIn.mutate(credentials);
  const [client, cartId] = [clientOf(token), newCartId()];
  await client.cart.merge.mutate({ cartId, guestCartId, guestToken });
  const { contact, shipTo, deviceId } = person;
  const shipped = shippingMethod === undefined ? {} : { shippingMethodId: ShippingMethodId.parse(shippingMethod) };
  const { quoteHash } = await client.cart.quote.mutate({ cartId, country: shipTo.country, ...shipped });
  const { checkoutId } = await client.checkout.start.mutate({ cartId, quoteHash, paymentToken, contact, shipTo, deviceId, ...shipped });
  const isPaid = async () => (await client.order.list.query()).items[0]?.status === "paid";
  await until(isPaid, { timeoutMs: 60_000, what: "a paid order in the list" });

  const { markers, asGuest, refused, invalidEmail } = person;
  const clients = held.move();
  return {
    client,
    cartId,
    checkoutId,
    contact,
    guestSubject,
    /** What is known of them: to be told to them, and to stand nowhere in the clear. */
    known: [...markers, asGuest.email, asGuest.phone, account.email],
    /** What was said and not taken: to stand nowhere. */
    never: [refused.email, refused.phone, invalidEmail],
    [Symbol.dispose]: () => clients.dispose(),
  };
};

const refusalOf = (call: Promise<unknown>): Promise<void> =>
  call.then(
    () => {
      throw new Error("what was to be refused was taken");
    },
    () => {},
  );

type FetchFrom = (url: string, init: RequestInit) => Promise<Response>;

const notJson = async (fetchFrom: FetchFrom, { url, token, text }: { url: string; token: string; text: string }): Promise<void> => {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const { status } = await fetchFrom(`${url}/api/checkout`, { method: "POST", headers, body: text });
  if (status !== 400) throw new Error(`what is no JSON was answered ${status}`);
};
