type Product = { readonly productId: string; readonly name: string; readonly amountMinor: number };

/** Puts a product at a price in pounds, as the merchant of the demonstration. */
export const putPrice = async (shopUrl: string, { productId, name, amountMinor }: Product): Promise<void> => {
  await call(`${shopUrl}/trpc/catalog.put`, { productId, name, prices: [{ amountMinor, currency: "GBP" }] }, await merchant(shopUrl));
};

/** Puts a product of which there are so many pieces, in the same way. */
export const putPieces = async (shopUrl: string, { productId, name, amountMinor, pieces }: Product & { pieces: number }): Promise<void> => {
  const token = await merchant(shopUrl);
  const prices = [{ amountMinor, currency: "GBP" }];
  await call(`${shopUrl}/trpc/stock.set`, { stocks: [{ stockId: productId, onHand: pieces }] }, token);
  await call(`${shopUrl}/trpc/catalog.put`, { productId, name, prices, stockId: productId }, token);
};

const merchant = async (shopUrl: string): Promise<string> => {
  const credentials = { email: "merchant@example.com", password: "demonstration" };
  return (await call<{ token: string }>(`${shopUrl}/trpc/auth.signIn`, credentials)).token;
};

const call = async <Answer>(address: string, input: object, token?: string): Promise<Answer> => {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ json: input }),
  });
  const { result, error } = await response.json();
  if (!response.ok) throw new Error(`${address}: ${JSON.stringify(error)}`);
  return result.data.json;
};
