/** Puts a product at a price in pounds, as the merchant of the demonstration. */
export const putPrice = async (shopUrl: string, product: { productId: string; name: string; amountMinor: number }): Promise<void> => {
  const { productId, name, amountMinor } = product;
  const { token } = await call<{ token: string }>(`${shopUrl}/trpc/auth.signIn`, {
    email: "merchant@example.com",
    password: "demonstration",
  });
  await call(`${shopUrl}/trpc/catalog.put`, { productId, name, prices: [{ amountMinor, currency: "GBP" }] }, token);
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
