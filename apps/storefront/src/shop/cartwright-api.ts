import { type CartwrightClient, createCartwrightClient } from "@cartwright/client/create-cartwright-client";
import { refusalOf } from "@cartwright/client/is-refusal";
import type { AccountApi, Answer, AuthApi, CheckoutApi, ShopApi } from "./shop-api.ts";

/** Who somebody is, as the services say; they are asked without a token. */
export const cartwrightAuth = (url: string): AuthApi => {
  const { auth } = createCartwrightClient({ url });
  return {
    guest: () => auth.guest.mutate(),
    refresh: async (refreshToken) => {
      const answer = await answerOf(auth.refresh.mutate({ refreshToken }));
      if (answer.ok) return answer.value;
      if (answer.refusal.code === "TokenInvalid") return null;
      throw new Error(`a refresh token is refused as ${answer.refusal.code}`);
    },
    signIn: (credentials) => answerOf(auth.signIn.mutate(credentials)),
    signOut: async (refreshToken) => void (await auth.signOut.mutate({ refreshToken })),
  };
};

/** The services as one shopper meets them. */
export const cartwrightApi = (url: string, getToken: (rejected: string | null) => Promise<string>): ShopApi => {
  const client = createCartwrightClient({ url, getToken });
  return {
    liveCart: client.liveCart,
    list: ({ text, category, sort, currency, cursor }, signal) =>
      client.catalog.list.query(
        {
          sort,
          currency,
          limit: PAGE,
          ...(text.trim() !== "" && { query: text }),
          ...(category !== null && { category }),
          ...(cursor !== undefined && { cursor }),
        },
        { signal },
      ),
    overview: async (currency, signal) => (await client.catalog.list.query({ currency, limit: MOST_LISTED }, { signal })).items,
    notices: async (cartId, signal) => (await client.cart.view.query({ cartId }, { signal })).notices,
    account: accountOf(client),
    checkout: checkoutOf(client),
    close: client.close,
  };
};

const accountOf = ({ cart }: CartwrightClient): AccountApi => ({
  current: () => cart.current.query(),
  open: (currency) => answerOf(cart.open.mutate({ currency })),
  merge: (carts) => answerOf(cart.merge.mutate(carts)),
});

const checkoutOf = ({ cart, checkout, shippingMethod }: CartwrightClient): CheckoutApi => ({
  shippingMethods: async (signal) => (await shippingMethod.list.query({}, { signal })).items,
  quote: (asked, signal) => answerOf(cart.quote.mutate(asked, { signal })),
  start: (order) => answerOf(checkout.start.mutate(order)),
  follow: (checkoutId, { onCheckout, onConnection, onEnd }) =>
    checkout.live.subscribe(
      { checkoutId },
      {
        onMessage: ({ data }) => onCheckout(data.view),
        onConnection: (state) => onConnection(state === "lost"),
        onError: (error) => onEnd(refusalOf(error)),
        onEnd: () => onEnd(null),
      },
    ),
  confirmAction: (checkoutId) => answerOf(checkout.confirmAction.mutate({ checkoutId })),
  cancel: (checkoutId) => answerOf(checkout.cancel.mutate({ checkoutId })),
});

/** A refusal is an answer; anything else is not. */
const answerOf = async <Value>(call: Promise<Value>): Promise<Answer<Value>> => {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return { ok: false, refusal };
  }
};

const PAGE = 24;
/** That the service gives at once. */
const MOST_LISTED = 100;
