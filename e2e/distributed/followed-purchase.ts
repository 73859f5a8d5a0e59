import { createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { newCartId, productIdOf } from "@cartwright/client/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { agreed } from "../agreed.ts";
import type { Bought } from "./shoppers.ts";

type Following = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly timeoutMs: number };

/**
 * A purchase by the typed client at the gateway. Its shopper follows the cart and the checkout, and it is over when both have
 * shown them the order.
 */
export const followedPurchase = async ({ url, headers, timeoutMs }: Following): Promise<Bought> => {
  const response = await fetch(`${url}/api/auth/guest`, { method: "POST", headers });
  const { token }: { token: string } = await response.json();
  const fetchTraced = (to: string, init: RequestInit) => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(to, { ...init, headers: all });
  };
  const client = createCartwrightClient({ url, token, fetch: fetchTraced });
  using _ = { [Symbol.dispose]: client.close };
  const signal = AbortSignal.timeout(timeoutMs);
  const cartId = newCartId();
  const live = client.liveCart(cartId);
  await live.until(({ status }) => status === "live", { signal });
  await client.cart.addItem.mutate({ cartId, productId: productIdOf("prod-456"), quantity: 1 });
  const paying = await agreed(client, { cartId, paymentToken: PaymentToken.parse("pm_card_visa") });
  const { checkoutId } = await client.checkout.start.mutate(paying);

  const ordered = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => ordered.reject(signal.reason));
  client.checkout.live.subscribe(
    { checkoutId },
    {
      onMessage({ data }) {
        if (data.view.status === "Ordered") ordered.resolve();
      },
      onError: ordered.reject,
    },
  );
  await Promise.all([ordered.promise, live.until(({ cart }) => cart?.order?.status === "paid", { signal })]);
  return { cartId, checkoutId };
};
