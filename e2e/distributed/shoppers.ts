import { until } from "@cartwright/testkit/until";

export type Purchase = { readonly cartId: string; readonly checkoutId: string };

export type Shoppers = AsyncDisposable & {
  /** The checkouts that were acknowledged so far: what may never be lost. */
  readonly acknowledged: readonly Purchase[];
  /** So many more carts are filled and paid; resolves when all that were asked for are acknowledged. */
  more(count: number): Promise<void>;
  /** The same without waiting for it. */
  want(count: number): void;
  /** Somebody else's purchase was acknowledged, too. */
  bought(purchase: Purchase): void;
  /** From now on each step is done at any of these. */
  goTo(origins: readonly string[]): void;
  /** These are no longer held against the system: it was restored to a time before them. */
  forget(isGone: (purchase: Purchase) => boolean): void;
  /** Nothing new is begun, what is under way is acknowledged. */
  stop(): Promise<void>;
};

/** Shoppers who fill a cart and pay, as often as they are asked to, and try each step under its key until it is acknowledged. */
export const startShoppers = ({ origin, count }: { origin: string; count: number }): Shoppers => {
  let origins: readonly string[] = [origin];
  let steps = 0;
  const somewhere = () => origins[steps++ % origins.length] ?? origin;
  const acknowledged: Purchase[] = [];
  let over = false;
  let wanted = 0;
  let begun = 0;
  let done = 0;
  const guest = async () => {
    const { token } = await untilDone(() => post<{ token: string }>(`${somewhere()}/api/auth/guest`, {}));
    return { authorization: `Bearer ${token}` };
  };
  const buy = async (headers: Record<string, string>) => {
    const cartId = crypto.randomUUID();
    await command(somewhere, headers, { path: "cart.addItem", input: { cartId, productId: "prod-456", quantity: 1 } });
    const { quoteHash } = await call<{ quoteHash: string }>(somewhere, headers, { path: "cart.quote", input: { cartId } });
    const input = { cartId, quoteHash, paymentToken: "pm_card_visa", contact: { email: "ada@example.com", locale: "en" } };
    const { checkoutId } = await command<{ checkoutId: string }>(somewhere, headers, { path: "checkout.start", input });
    acknowledged.push({ cartId, checkoutId });
  };
  const shop = async () => {
    const headers = await guest();
    for (;;) {
      await until(() => over || begun < wanted, { timeoutMs: 600_000, what: "somebody to want a purchase" });
      if (begun >= wanted) return;
      begun += 1;
      await buy(headers);
      done += 1;
    }
  };
  const shopping = Promise.all(Array.from({ length: count }, shop));
  const stop = async () => {
    over = true;
    await shopping;
  };
  return {
    acknowledged,
    async more(count) {
      wanted += count;
      const enough = wanted;
      await until(() => done >= enough, { timeoutMs: 120_000, what: `${enough} checkouts` });
    },
    goTo(others) {
      origins = others;
    },
    bought: (purchase) => void acknowledged.push(purchase),
    forget(isGone) {
      const kept = acknowledged.filter((purchase) => !isGone(purchase));
      acknowledged.splice(0, acknowledged.length, ...kept);
    },
    want(count) {
      wanted += count;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

type Call = { readonly path: string; readonly input: object };

const command = <Answer>(somewhere: () => string, headers: Record<string, string>, { path, input }: Call): Promise<Answer> =>
  call(somewhere, headers, { path, input: { ...input, idempotencyKey: crypto.randomUUID() } });

const call = <Answer>(somewhere: () => string, headers: Record<string, string>, { path, input }: Call): Promise<Answer> =>
  untilDone(async () => {
    const url = `${somewhere()}/trpc/${path}`;
    const { result } = await post<{ result: { data: { json: Answer } } }>(url, { headers, body: { json: input } });
    return result.data.json;
  });

const untilDone = <Answer>(attempt: () => Promise<Answer>): Promise<Answer> =>
  // What answers is never falsy here.
  until(attempt, { timeoutMs: 120_000, what: "an acknowledgement" }) as Promise<Answer>;

const post = async <Answer>(
  url: string,
  { headers = {}, body = {} }: { headers?: Record<string, string>; body?: object },
): Promise<Answer> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
};
